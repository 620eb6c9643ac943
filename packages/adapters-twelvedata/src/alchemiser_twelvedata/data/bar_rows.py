"""The bars of one symbol as the vendor tells them, strictly read: each day once."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from attrs import frozen

from alchemiser_core.domain.bar_rows import Row, same_row
from alchemiser_core.domain.bars import FIELDS
from alchemiser_core.domain.symbol import Symbol
from alchemiser_twelvedata.reading import UnreadableError, day, number, optional_number, record

_SATURDAY = 5


@frozen(eq=False)
class Page:
    """The bars of one symbol in one answer, by their days."""

    rows: Mapping[date, Row]
    repeated: int
    """Bars that were there twice, and say the same."""
    is_full: bool
    """There may be older bars."""


def read_page(
    symbol: Symbol, rows: Sequence[Any], last: date, closes_only: bool, most: int
) -> Page:
    """The bars up to `last`, included. The vendor's order does not matter; `most` is how many
    bars it tells at most. What is later is not looked at: it may be a bar that is not complete.

    Raises `UnreadableError` where a value is no number, a bar is of a weekend, or two bars of one
    day say different things.
    """
    found: dict[date, Row] = {}
    repeated = 0
    for each in rows:
        row = record(each, f"a bar of {symbol}")
        on = day(row, "datetime")
        if on > last:
            continue
        if on.weekday() >= _SATURDAY:
            raise UnreadableError(f"a bar of {symbol} is of a {on:%A}, {on}")
        values = _values(row, closes_only)
        if on in found:
            repeated += 1
            if not same_row(found[on], values):
                raise UnreadableError(f"two bars of {symbol} on {on} differ")
        found[on] = values
    return Page(found, repeated, len(rows) >= most)


def check_joint(symbol: Symbol, page: Page, before: Mapping[date, Row], joint: date) -> None:
    """Holds a page against the one with the newer bars, whose oldest bar, that of `joint`, it has
    too: prices that were corrected differently in between do not pass for one history.

    Raises `UnreadableError` where it does not go on from there.
    """
    if joint not in page.rows:
        raise UnreadableError(f"the bars of {symbol} end at {joint}, where they have to go on")
    if not same_row(page.rows[joint], before[joint]):
        raise UnreadableError(f"two bars of {symbol} on {joint} differ")
    if page.is_full and min(page.rows) == joint:
        raise UnreadableError(f"the bars of {symbol} do not go back beyond {joint}")


def _values(row: Mapping[str, Any], closes_only: bool) -> Row:
    if closes_only:
        return (number(row, "close"),)
    return (*(number(row, name) for name in FIELDS[:-1]), optional_number(row, FIELDS[-1]))
