"""The project files and lock files, read once."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def folders() -> Mapping[str, Path]:
    """The folder of every distribution, by name; the root's is `alchemiser`."""
    paths = [ROOT, *sorted(path.parent for path in ROOT.glob("packages/*/pyproject.toml"))]
    files = {path: tomllib.loads((path / "pyproject.toml").read_text()) for path in paths}
    return {file["project"]["name"]: path for path, file in files.items()}


@pytest.fixture(scope="session")
def projects(folders) -> Mapping[str, dict[str, Any]]:
    """The `[project]` table of every distribution, by name."""
    return {
        name: tomllib.loads((folder / "pyproject.toml").read_text())["project"]
        for name, folder in folders.items()
    }


@pytest.fixture(scope="session")
def required(projects) -> Mapping[str, tuple[Requirement, ...]]:
    """What every distribution needs at run time, without extras."""
    return {
        name: tuple(map(Requirement, project["dependencies"])) for name, project in projects.items()
    }


@pytest.fixture(scope="session")
def groups() -> Mapping[str, frozenset[str]]:
    """The names in each dependency group of the root, those of included groups not repeated."""
    table = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]
    return {
        group: frozenset(canonicalize_name(Requirement(e).name) for e in entries if e == str(e))
        for group, entries in table.items()
    }


@pytest.fixture(scope="session")
def locks() -> Mapping[str, Mapping[str, Version]]:
    """The versions that each lock file pins."""
    return {
        path.stem: {
            canonicalize_name(name): Version(version)
            for name, version in PINNED.findall(path.read_text())
        }
        for path in sorted((ROOT / "requirements").glob("*.txt"))
    }
