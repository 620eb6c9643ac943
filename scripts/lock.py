"""Writes the lock files in `requirements/`: exact versions with hashes, for Python 3.11 and later.

`ci.txt` holds everything that continuous integration runs on. `runtime.txt` is the part that users
of all packages get, `demo.txt` what the demonstration installs; both at the versions of `ci.txt`.
Existing pins are kept while they satisfy the project files; `--upgrade` takes the newest.
"""

import argparse
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from projects import ROOT, dependency_group, extras, package_folders, third_party

LOCKS = ROOT / "requirements"
DEMO_PACKAGES = ("core", "app", "strategies", "adapters-alpaca")
OLDEST_PYTHON = "3.11"


def compile_lock(lines: Iterable[str], target: Path, options: Iterable[str]) -> None:
    """Resolve requirement lines into one pinned file; existing pins in it are preferred."""
    command = [
        *(sys.executable, "-m", "uv", "pip", "compile", "-", "--quiet"),
        *("--universal", "--python-version", OLDEST_PYTHON, "--fork-strategy", "fewest"),
        *("--generate-hashes", "--no-annotate", "--custom-compile-command", "make lock"),
        *("--output-file", str(target), *options),
    ]
    subprocess.run(command, input="\n".join(lines), text=True, check=True, cwd=ROOT)


def main() -> None:
    """Write the three lock files, the widest first."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions")
    upgrade = ["--upgrade"] if parser.parse_args().upgrade else []
    app = extras(ROOT / "packages" / "app")
    every = (*third_party(package_folders()), *app)
    demo = third_party(ROOT / "packages" / name for name in DEMO_PACKAGES)
    backend = dependency_group("backend")
    everything = LOCKS / "ci.txt"
    compile_lock((*every, *dependency_group("ci")), everything, upgrade)
    same_versions = [*upgrade, "--constraints", str(everything)]
    compile_lock((*every, *backend), LOCKS / "runtime.txt", same_versions)
    compile_lock((*demo, *backend), LOCKS / "demo.txt", same_versions)


if __name__ == "__main__":
    main()
