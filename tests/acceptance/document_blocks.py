"""The blocks of code in a document, and what is to be done with each.

A comment before a block says more about it: `<!-- file: NAME -->` has it written to a file,
`<!-- not run: WHY -->` has it left alone. Otherwise blocks of `sh` and `python` are run; a block of
`text` after one of `python` is what that prints.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from attrs import frozen

_BLOCK = re.compile(
    r"^(?:<!-- (?P<verb>file|not run): (?P<note>.*?) -->\n+)?"
    r"```(?P<language>\w*)\n(?P<code>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_PROMPT = "$ "


@frozen
class Block:
    """One block of code."""

    language: str
    code: str
    line: int
    """Where the code begins, counted from 1."""
    file: str = ""
    """Name to write it to; empty where it is none."""
    left_alone: bool = False


@frozen
class Command:
    """A line typed at a shell, and the lines that are shown of its answer."""

    words: str
    shown: tuple[str, ...]


def blocks_of(document: Path) -> Iterator[Block]:
    """All blocks of a document, in order."""
    text = document.read_text(encoding="utf-8")
    for found in _BLOCK.finditer(text):
        verb, note = found["verb"], found["note"]
        yield Block(
            language=found["language"],
            code=found["code"],
            line=text.count("\n", 0, found.start("code")) + 1,
            file=note if verb == "file" else "",
            left_alone=verb == "not run",
        )


def commands_of(block: Block) -> Iterator[Command]:
    """The commands of a block of `sh`; lines without a prompt are the answer to the one before."""
    pieces = re.split(r"^\$ ", block.code, flags=re.MULTILINE)[1:]
    for piece in pieces:
        joined = piece.replace("\\\n", " ")
        words, *shown = joined.splitlines()
        yield Command(words, tuple(line for line in shown if line.strip()))


def missing_line(shown: tuple[str, ...], answer: str) -> str | None:
    """The first line shown that the answer does not have, in this order; `…` stands for more."""
    lines = iter(line.rstrip() for line in answer.splitlines())
    for wanted in shown:
        if wanted.strip() == "…":
            continue
        start = wanted.rstrip().removesuffix("…")
        exact = start == wanted.rstrip()
        if not any(line == start if exact else line.startswith(start) for line in lines):
            return wanted
    return None
