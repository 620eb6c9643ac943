"""What a command writes: results on standard output, problems and notes on standard error."""

import codecs
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, NoReturn, TextIO, TypeVar

import typer

from alchemiser_app.cli.exit_codes import ExitCode
from alchemiser_app.secrets.known import KNOWN_SECRETS

if TYPE_CHECKING:
    from returns.result import Result

    from alchemiser_core.domain.problem import Explainable, Problem

Value = TypeVar("Value")

_UNSHOWN = re.compile("[\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
"""Characters that JSON allows and a terminal obeys."""
_RESULTS: ContextVar[TextIO | None] = ContextVar("_RESULTS", default=None)
"""Where results go while standard output is kept for them; else to standard output."""
_SHOWN = 50
"""Problems written out in words; the JSON answer has them all."""


@contextmanager
def results_alone() -> Iterator[None]:
    """Standard output takes results alone meanwhile: what plugins print goes to standard error."""
    token = _RESULTS.set(sys.stdout)
    try:
        with redirect_stdout(sys.stderr):
            yield
    finally:
        _RESULTS.reset(token)


def _results() -> TextIO:
    return _RESULTS.get() or sys.stdout


def write_json(answer: Mapping[str, Any]) -> None:
    """The one object that `--json` promises on standard output."""
    encoding = getattr(_results(), "encoding", None) or "utf-8"
    plain = codecs.lookup(encoding).name != "utf-8"
    text = json.dumps(answer, indent=2, ensure_ascii=plain, allow_nan=False)
    _write(_UNSHOWN.sub(lambda found: f"\\u{ord(found[0]):04x}", text))


def write_lines(lines: Iterable[str]) -> None:
    """A report for a person."""
    for line in lines:
        _write(_clean(line))


def write_document(text: str) -> None:
    """A text that another program reads, to the letter; whoever made it has escaped it."""
    _write(text)


def tell_lines(lines: Iterable[str]) -> None:
    """What is told of something that goes on, whether or not anybody can read it."""
    for line in lines:
        _written(_clean(line))


def _write(text: str) -> None:
    if not _written(text):
        raise typer.Exit(int(ExitCode.INTERNAL))


def _written(text: str) -> bool:
    """Whether standard output takes it; a reader that has seen enough takes everything."""
    try:
        typer.echo(KNOWN_SECRETS.without(text), file=_results())
    except BrokenPipeError:
        _silence(_results())
    except OSError as error:
        _silence(_results())
        note(f"error: standard output cannot be written: {error.strerror or error}")
        return False
    return True


def note(text: str) -> None:
    """Something worth knowing that is no result; goes to standard error."""
    try:
        typer.echo(KNOWN_SECRETS.without(_clean(text)), err=True)
    except OSError:
        # There is nowhere left to say so, and no reason to stop what is being done.
        _silence(sys.stderr)


def _silence(stream: TextIO) -> None:
    """Send it nowhere from now on: Python would complain again with each line, and at the end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def fail(problems: Iterable["Problem"], code: ExitCode, *, as_json: bool = False) -> NoReturn:
    """End the command: every problem in words, and as an object where JSON was asked for."""
    found = tuple(problems)
    write_problems(found)
    if as_json:
        write_json(problems_json(found, code))
    raise typer.Exit(int(code))


def write_problems(found: "Sequence[Problem]") -> None:
    """Problems in words, on standard error."""
    for problem in found[:_SHOWN]:
        _write_problem(problem)
    if len(found) > _SHOWN:
        note(f"… and {len(found) - _SHOWN} more problems (--json lists all)")


def problems_json(found: "Iterable[Problem]", code: ExitCode) -> dict[str, Any]:
    """The exit code and all problems, as every `--json` answer of a failure has them."""
    from attrs import asdict

    return {"exit_code": int(code), "problems": [asdict(problem) for problem in found]}


def value_of(
    result: "Result[Value, Explainable]", code: ExitCode, *, as_json: bool = False
) -> "Value":
    """What a result holds; a failure ends the command with its problems and this exit code."""
    from returns.result import Failure

    if isinstance(result, Failure):
        fail(result.failure().problems(), code, as_json=as_json)
    return result.unwrap()


def _write_problem(problem: "Problem") -> None:
    note(f"error: {problem.what}")
    for label, text in (("where", problem.where), ("why", problem.why), ("do", problem.hint)):
        if text:
            note(f"  {label + ':':<7}{text}")


def _clean(text: str) -> str:
    """Without control characters: data, plugins and brokers must not write to the terminal."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in "\n\t" else "�" for c in text)


@contextmanager
def working(what: str) -> Iterator[None]:
    """Show what is going on while it takes long; only on a terminal, never in the output."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(what):
        yield
