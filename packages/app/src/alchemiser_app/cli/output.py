"""What a command writes: results on standard output, problems and notes on standard error."""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

import typer

from alchemiser_app.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from alchemiser_core.domain.problem import Problem

_SHOWN = 50
"""Problems written out in words; the JSON answer has them all."""


def write_json(answer: Mapping[str, Any]) -> None:
    """The one object that `--json` promises on standard output."""
    typer.echo(json.dumps(answer, indent=2, ensure_ascii=False, allow_nan=False))


def write_lines(lines: Iterable[str]) -> None:
    """A report for a person."""
    for line in lines:
        typer.echo(line)


def note(text: str) -> None:
    """Something worth knowing that is no result; goes to standard error."""
    typer.echo(text, err=True)


def fail(problems: Iterable["Problem"], code: ExitCode, *, as_json: bool = False) -> NoReturn:
    """End the command: every problem in words, and as an object where JSON was asked for."""
    found = tuple(problems)
    for problem in found[:_SHOWN]:
        _write_problem(problem)
    if len(found) > _SHOWN:
        note(f"… and {len(found) - _SHOWN} more problems (--json lists all)")
    if as_json:
        from attrs import asdict

        write_json({"exit_code": int(code), "problems": [asdict(problem) for problem in found]})
    raise typer.Exit(int(code))


def _write_problem(problem: "Problem") -> None:
    note(f"error: {_clean(problem.what)}")
    for label, text in (("where", problem.where), ("why", problem.why), ("do", problem.hint)):
        if text:
            note(f"  {label + ':':<7}{_clean(text)}")


def _clean(text: str) -> str:
    """Without control characters: data files and plugins must not write to the terminal."""
    return "".join(c if c.isprintable() or c == "\n" else "�" for c in text)


@contextmanager
def working(what: str) -> Iterator[None]:
    """Show what is going on while it takes long; only on a terminal, never in the output."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(what):
        yield
