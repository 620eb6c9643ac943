"""Symbols that are arguments of a command."""

from typing import TYPE_CHECKING

from alchemiser_app.cli.exit_codes import ExitCode
from alchemiser_app.cli.output import fail

if TYPE_CHECKING:
    from alchemiser_core.domain.symbol import Symbol


def parsed_symbols(texts: list[str], *, as_json: bool) -> "tuple[Symbol, ...]":
    """The symbols in the order given, each once; ends the command where one is no symbol."""
    from returns.result import Failure

    from alchemiser_core.domain.symbol import parse_symbol

    parsed = [parse_symbol(text) for text in texts]
    wrong = [p for each in parsed if isinstance(each, Failure) for p in each.failure().problems()]
    if wrong:
        fail(wrong, ExitCode.USAGE, as_json=as_json)
    return tuple(dict.fromkeys(each.unwrap() for each in parsed))
