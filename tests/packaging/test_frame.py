"""The Makefile and the scripts of the frame know every package, and refuse what they should."""

import re
import subprocess
import zipfile
from pathlib import Path

import lock
import projects as frame
import pytest
import wheels


def makefile_list(root: Path, name: str) -> list[str]:
    """The words of a variable of the Makefile, other variables in it expanded."""
    command = ["make", "--no-print-directory", "--eval", f"show: ; @echo $({name})", "show"]
    return subprocess.run(
        command, cwd=root, capture_output=True, text=True, check=True
    ).stdout.split()


def test_make_installs_every_package(root):
    assert set(makefile_list(root, "ALL_PACKAGES")) == {p.name for p in frame.package_folders()}


def test_the_demo_installs_the_packages_that_its_lock_is_made_for(root):
    assert set(makefile_list(root, "DEMO_PACKAGES")) == set(lock.DEMO_PACKAGES)


def test_make_refuses_a_python_that_is_too_old(root, tmp_path):
    python = tmp_path / "python3"
    python.write_text("#!/bin/sh\nexit 1\n")
    python.chmod(0o755)
    command = ["make", "install", f"PYTHON={python}", f"VENV={tmp_path / 'venv'}"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "Python 3.11 or newer is needed" in done.stderr
    assert not (tmp_path / "venv").exists()


def test_every_extra_of_the_root_is_installed_and_tried(projects):
    tried = {combination.requirement for combination in wheels.COMBINATIONS}
    extras = projects["alchemiser"]["optional-dependencies"]
    assert tried == {"alchemiser-core", "alchemiser", *(f"alchemiser[{e}]" for e in extras)}


def test_all_brings_every_distribution():
    (everything,) = (c for c in wheels.COMBINATIONS if c.requirement == "alchemiser[all]")
    assert everything.brings == frame.own_distributions()


@pytest.mark.parametrize(
    ("requirement", "name"),
    [("numpy>=2.0", "numpy"), ("Typing_Extensions ; x", "typing-extensions"), ("a[b]>1", "a")],
)
def test_the_name_at_the_head_of_a_requirement(requirement, name):
    assert frame.required_name(requirement) == name


def wheel(folder: Path, *names: str) -> Path:
    path = folder / "thing-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, "")
    return path


LICENSE = "thing-1.0.dist-info/licenses/LICENSE"


def test_a_whole_wheel_passes(tmp_path):
    wheels.check_contents(wheel(tmp_path, "thing/__init__.py", "thing/py.typed", LICENSE))


def test_a_wheel_without_code_passes(tmp_path):
    wheels.check_contents(wheel(tmp_path, LICENSE))


@pytest.mark.parametrize(
    ("names", "fault"),
    [
        (("thing/__init__.py", "thing/py.typed"), "no license"),
        (("thing/__init__.py", LICENSE), "no py.typed"),
        (("thing/py.typed", "tests/test_thing.py", LICENSE), "more than one top-level package"),
    ],
)
def test_a_wheel_that_lacks_something_is_refused(tmp_path, names, fault):
    with pytest.raises(SystemExit, match=re.escape(fault)):
        wheels.check_contents(wheel(tmp_path, *names))
