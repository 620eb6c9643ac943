"""What the documents say exists: commands, make targets, files behind links."""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

FENCE = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)[^)]*\)")
COMMAND = re.compile(r"^(?:\$ )?(?:\S*/)?alchemiser ([^#|>\n]+)", re.MULTILINE)
TARGET = re.compile(r"^(?:\$ )?make (?:\w+=\S+ )*([a-z-]+)", re.MULTILINE)
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")


@pytest.fixture(scope="module")
def documents(root) -> dict[Path, str]:
    """Every document that users and contributors read."""
    found = [*root.glob("*.md"), *root.glob("packages/*/*.md"), *root.glob("docs/**/*.md")]
    return {path.relative_to(root): path.read_text(encoding="utf-8") for path in sorted(found)}


def shown(text: str, pattern: re.Pattern[str]) -> Iterator[str]:
    """What a pattern finds in the blocks of code of a document, lines that go on joined."""
    for block in FENCE.findall(text):
        yield from pattern.findall(re.sub(r"\\\n\s*", "", block))


@cache
def help_of(*command: str) -> str | None:
    """What a command says of itself; None where there is no such command."""
    program = Path(sys.executable).parent / "alchemiser"
    done = subprocess.run(
        [program, *command, "--help"], capture_output=True, text=True, check=False
    )
    return done.stdout if done.returncode == 0 else None


def faults(line: str) -> Iterator[str]:
    """What a command line in a document names that the program does not have."""
    words = [word for word in shlex.split(line) if not word.startswith("-")]
    command = tuple(words[:1])
    explained = help_of(*command) if command else help_of()
    if explained and " COMMAND " in explained and command:
        command = tuple(words[:2])
        explained = help_of(*command)
    if explained is None:
        yield f"alchemiser {' '.join(command)}"
        return
    known = {*OPTION.findall(explained), "--help"}
    yield from (f"{option} in: {line}" for option in OPTION.findall(line) if option not in known)


def test_every_command_that_is_shown_exists_with_its_options(documents):
    lines = {(str(p), line) for p, text in documents.items() for line in shown(text, COMMAND)}
    assert lines
    assert [f"{path}: {fault}" for path, line in sorted(lines) for fault in faults(line)] == []


@pytest.mark.parametrize("line", ["conjure klm", "decide klm --by-magic", "symphony conjure x"])
def test_a_command_that_does_not_exist_would_be_noticed(line):
    assert list(faults(line))


def test_every_make_target_that_is_shown_exists(root, documents):
    known = set(re.findall(r"^([a-z]+):", (root / "Makefile").read_text(), re.MULTILINE))
    found = {(str(p), name) for p, text in documents.items() for name in shown(text, TARGET)}
    assert {name for _, name in found} >= {"demo", "test"}
    assert {(path, name) for path, name in found if name not in known} == set()


def test_every_make_target_is_explained(root):
    makefile = (root / "Makefile").read_text()
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony
    explained = set(re.findall(r"^([a-z]+):.* ## \S", makefile, re.MULTILINE))
    assert explained == set(phony.group(1).split())


def test_no_link_inside_the_repository_is_broken(root, documents):
    broken = [
        f"{path}: {target}"
        for path, text in documents.items()
        for target in LINK.findall(text)
        if "://" not in target and not (root / path.parent / target).exists()
    ]
    assert broken == []
