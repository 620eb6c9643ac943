"""Reads the distributions of this repository: their folders, names and declared dependencies."""

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


def pyproject(folder: Path) -> dict[str, Any]:
    """The project file of a folder, as a table."""
    return tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))


def package_folders() -> tuple[Path, ...]:
    """The folders of the workspace members, sorted; the root distribution is not among them."""
    return tuple(sorted(path.parent for path in ROOT.glob("packages/*/pyproject.toml")))


def distribution(folder: Path) -> str:
    """The normalised name of the distribution that a folder holds."""
    return normalised(pyproject(folder)["project"]["name"])


def own_distributions() -> frozenset[str]:
    """The names of every distribution made here, the root included."""
    return frozenset(distribution(folder) for folder in (ROOT, *package_folders()))


def requirements(folder: Path) -> tuple[str, ...]:
    """Everything a distribution asks for at run time, without its extras."""
    return tuple(pyproject(folder)["project"]["dependencies"])


def extras(folder: Path) -> tuple[str, ...]:
    """What the extras of a distribution ask for, all together."""
    asked = pyproject(folder)["project"].get("optional-dependencies", {})
    return tuple(line for lines in asked.values() for line in lines)


def third_party(folders: Iterable[Path]) -> tuple[str, ...]:
    """What packages need at run time from others, each line once, sorted."""
    own = own_distributions()
    lines = {line for folder in folders for line in requirements(folder)}
    return tuple(sorted(line for line in lines if required_name(line) not in own))


def dependency_group(group: str) -> tuple[str, ...]:
    """The lines of a dependency group of the root, with the groups that it includes."""
    groups = pyproject(ROOT)["dependency-groups"]
    lines: list[str] = []
    for entry in groups[group]:
        if isinstance(entry, str):
            lines.append(entry)
        else:
            lines.extend(dependency_group(entry["include-group"]))
    return tuple(lines)


def required_name(requirement: str) -> str:
    """The normalised name at the head of a requirement line such as `numpy>=2.0`."""
    return normalised(re.split(r"[^A-Za-z0-9._-]", requirement.strip(), maxsplit=1)[0])


def normalised(name: str) -> str:
    """A distribution's name as indexes compare it: lower case, `-` between words."""
    return re.sub(r"[-_.]+", "-", name).lower()
