"""What the documents say exists: commands, make targets, files behind links."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

FENCE = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)[^)]*\)")
COMMAND = re.compile(r"^(?:\$ )?(?:\.venv/bin/)?alchemiser ([a-z-]+)", re.MULTILINE)
TARGET = re.compile(r"^(?:\$ )?make (?:\w+=\S+ )*([a-z-]+)", re.MULTILINE)


@pytest.fixture(scope="module")
def documents(root) -> dict[Path, str]:
    """Every document that users and contributors read."""
    found = [*root.glob("*.md"), *root.glob("packages/*/*.md"), *root.glob("docs/**/*.md")]
    return {path.relative_to(root): path.read_text(encoding="utf-8") for path in sorted(found)}


def shown(text: str, pattern: re.Pattern[str]) -> Iterator[str]:
    """What a pattern finds in the blocks of code of a document."""
    for block in FENCE.findall(text):
        yield from pattern.findall(block)


def test_every_command_that_is_shown_exists(documents):
    program = Path(sys.executable).parent / "alchemiser"
    listing = subprocess.run([program, "--help"], capture_output=True, text=True, check=True).stdout
    known = set(re.findall(r"[a-z-]+", listing))
    found = {(str(p), name) for p, text in documents.items() for name in shown(text, COMMAND)}
    assert found
    assert {(path, name) for path, name in found if name not in known} == set()


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
