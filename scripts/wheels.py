"""Builds every wheel, installs each combination from those wheels alone, and tries it there.

Libraries of others come from a wheelhouse filled once from the lock; after that no index is asked.
Each combination gets an environment of its own, and its trial runs outside the repository.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import venv
import zipfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from projects import ROOT, distribution, own_distributions, package_folders

LOCK = ROOT / "requirements" / "runtime.txt"
BUILT = ROOT / "build" / "wheels"
WHEELHOUSE = ROOT / "build" / "wheelhouse"


class Combination(NamedTuple):
    """What a user asks pip for, which of our distributions that brings, and what must then work."""

    requirement: str
    brings: frozenset[str]
    trials: tuple[tuple[str, ...], ...]


def combination(requirement: str, brings: str, *trials: Sequence[str]) -> Combination:
    """A combination, with the distributions it brings named by their last word."""
    names = (f"alchemiser-{word}" if word != "alchemiser" else word for word in brings.split())
    return Combination(requirement, frozenset(names), tuple(tuple(trial) for trial in trials))


CORE = ("python", "-I", str(ROOT / "scripts" / "trial_core.py"))
HELP = ("alchemiser", "--help")
PLUGINS = ("alchemiser", "plugins")
DECIDE = ("alchemiser", "decide", "klm", "--data", "sample", "--json")
TRADE = ("alchemiser", "trade", "klm", "--data", "sample", "--json")
SIMULATOR = (
    *("python", "-I", "-c"),
    "import alchemiser_alpaca.simulator.server, alchemiser_alpaca.connection.client, websockets",
)
POSTGRESQL = ("python", "-I", "-c", "import psycopg")
COMBINATIONS = (
    combination("alchemiser-core", "core", CORE),
    combination("alchemiser", "alchemiser core app", CORE, HELP, PLUGINS),
    combination("alchemiser[alpaca]", "alchemiser core app alpaca", HELP, PLUGINS, SIMULATOR),
    combination("alchemiser[twelvedata]", "alchemiser core app twelvedata", HELP, PLUGINS),
    combination("alchemiser[postgresql]", "alchemiser core app", HELP, POSTGRESQL),
    combination("alchemiser[strategies]", "alchemiser core app strategies", PLUGINS, DECIDE, TRADE),
    combination(
        "alchemiser[all]",
        "alchemiser core app alpaca strategies twelvedata",
        PLUGINS,
        DECIDE,
        TRADE,
    ),
)


def run(command: Sequence[str | Path], folder: Path = ROOT, *, isolated: bool = False) -> str:
    """Run a command that has to succeed; what it printed. Otherwise show it and stop."""
    environment = {"PATH": os.defpath, "HOME": str(folder)} if isolated else None
    done = subprocess.run(
        command, cwd=folder, env=environment, text=True, capture_output=True, check=False
    )
    if done.returncode != 0:
        shown = " ".join(str(word) for word in command)
        sys.exit(f"{shown}\nexited {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def build() -> tuple[Path, ...]:
    """One wheel for each distribution, in an emptied folder."""
    shutil.rmtree(BUILT, ignore_errors=True)
    backend = ("-m", "build", "--wheel", "--no-isolation")
    for folder in (*package_folders(), ROOT):
        run([sys.executable, *backend, "--outdir", BUILT, folder])
    return tuple(sorted(BUILT.glob("*.whl")))


def check_contents(wheel: Path) -> None:
    """A wheel carries its license and type marker, and nothing beside its one package."""
    names = zipfile.ZipFile(wheel).namelist()
    metadata, code = (
        [name for name in names if (".dist-info/" in name) is inside] for inside in (True, False)
    )
    faults = []
    if not any(name.endswith("/licenses/LICENSE") for name in metadata):
        faults.append("no license")
    if code and not any(name.endswith("/py.typed") for name in code):
        faults.append("no py.typed")
    if len({name.split("/")[0] for name in code}) > 1:
        faults.append("more than one top-level package")
    if faults:
        sys.exit(f"{wheel.name}: {', '.join(faults)}")


def fill_wheelhouse() -> None:
    """Download what the lock pins, once; a wheelhouse of the same lock is used again."""
    copied = WHEELHOUSE / LOCK.name
    if copied.exists() and copied.read_bytes() == LOCK.read_bytes():
        return
    shutil.rmtree(WHEELHOUSE, ignore_errors=True)
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "-qq")
    pinned = ("--no-deps", "--require-hashes", "--only-binary", ":all:", "--requirement", LOCK)
    run([*pip, *pinned, "--dest", WHEELHOUSE])
    shutil.copyfile(LOCK, copied)


def install(requirement: str, environment: Path) -> Path:
    """A new environment that holds a requirement and what it needs; the folder of its commands."""
    venv.create(environment, with_pip=False, symlinks=os.name != "nt")
    commands = environment / ("Scripts" if os.name == "nt" else "bin")
    pip = (sys.executable, "-m", "pip", "--isolated", "--disable-pip-version-check")
    sources = ("--no-index", "--find-links", BUILT, "--find-links", WHEELHOUSE)
    target = ("--python", commands / "python")
    run([*pip, *target, "install", "-qq", "--no-compile", *sources, requirement])
    run([*pip, *target, "check"])
    return commands


def installed(commands: Path) -> frozenset[str]:
    """The names of our distributions in an environment."""
    listing = "from importlib.metadata import distributions as d; print(*(x.name for x in d()))"
    return own_distributions() & set(run([commands / "python", "-c", listing]).split())


def try_out(asked: Combination, scratch: Path) -> None:
    """Install a combination in a new environment and run its trials outside the repository."""
    started = perf_counter()
    folder = scratch / asked.requirement
    folder.mkdir()
    commands = install(asked.requirement, folder / "environment")
    if (found := installed(commands)) != asked.brings:
        sys.exit(f"{asked.requirement} brought {sorted(found)}, not {sorted(asked.brings)}")
    for command, *arguments in asked.trials:
        printed = run([commands / command, *arguments], folder, isolated=True)
        if "--json" in arguments:
            json.loads(printed)
    shutil.rmtree(folder)
    print(f"  {asked.requirement}: installed, {len(asked.trials)} trials passed,", end=" ")
    print(f"{perf_counter() - started:.1f} s", flush=True)


def main() -> None:
    """Build, check and try everything; exit 1 at the first fault."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", help="try the combination with this requirement alone")
    only = parser.parse_args().only
    wheels = build()
    if len(wheels) != len(own_distributions()):
        sys.exit(f"{len(wheels)} wheels for {len(own_distributions())} distributions")
    for wheel in wheels:
        check_contents(wheel)
        print(f"  {wheel.relative_to(ROOT)}", flush=True)
    fill_wheelhouse()
    with tempfile.TemporaryDirectory() as scratch:
        for asked in COMBINATIONS:
            if only in (None, asked.requirement):
                try_out(asked, Path(scratch))
    print(f"{len(wheels)} wheels built and tried; {distribution(ROOT)} is whole.")


if __name__ == "__main__":
    main()
