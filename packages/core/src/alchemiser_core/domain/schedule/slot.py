"""Slots: at what time of a session a cycle begins, said from its open or from its close."""

import re
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from attrs import Attribute, field, frozen
from returns.result import Failure, Result, Success

from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.session import TradingSession

_LONGEST = timedelta(hours=12)
_LONGEST_TEXT = 40
_TEXT = re.compile(r"(open|close)(?: ?([+-]) ?([0-9]{1,5}) ?(s|min|h))?", re.ASCII)
_UNITS = {"s": timedelta(seconds=1), "min": timedelta(minutes=1), "h": timedelta(hours=1)}


class Anchor(StrEnum):
    """From which end of a session a slot is measured."""

    OPEN = "open"
    CLOSE = "close"


@frozen
class BadSlot:
    """A text that says no time at which a market is open."""

    text: str
    why: str

    def problems(self) -> tuple[Problem, ...]:
        """One problem: the text, and how a slot is written."""
        return (
            Problem(
                code="bad-slot",
                what=f"{self.text!r} is no slot of a session",
                why=self.why,
                hint='write it like "close - 15 min", "open" or "open + 1 min"',
            ),
        )


def _within_a_day(_: object, attribute: "Attribute[timedelta]", value: timedelta) -> None:
    if not timedelta(0) <= value <= _LONGEST:
        raise ValueError(f"{attribute.name} has to be from 0 to 12 hours")


@frozen
class Slot:
    """A time of every session: some time after its open, or before its close."""

    anchor: Anchor
    offset: timedelta = field(default=timedelta(0), validator=_within_a_day)
    """How long after the open, or before the close."""

    def __attrs_post_init__(self) -> None:
        if self.anchor is Anchor.CLOSE and not self.offset:
            raise ValueError("at the close there is no time left to trade in")

    def at(self, session: TradingSession) -> datetime:
        """When it is on that day, in UTC; never outside the session.

        A slot that a half day does not reach moves to the end that it would lie beyond: three and a
        half hours before the close is the open of a half day of three hours.
        """
        # In UTC, since adding to a local time would miss the hour of a night with a DST change.
        opens, closes = session.opens.astimezone(UTC), session.closes.astimezone(UTC)
        match self.anchor:
            case Anchor.OPEN:
                return min(opens + self.offset, closes)
            case Anchor.CLOSE:
                return max(closes - self.offset, opens)

    def __str__(self) -> str:
        """As `parse_slot` reads it, in the largest unit that fits."""
        if not self.offset:
            return self.anchor.value
        sign = "+" if self.anchor is Anchor.OPEN else "-"
        unit = next(unit for unit in ("h", "min", "s") if not self.offset % _UNITS[unit])
        return f"{self.anchor.value} {sign} {self.offset // _UNITS[unit]} {unit}"


BEFORE_CLOSE = Slot(Anchor.CLOSE, timedelta(minutes=15))
"""Where decisions rest on the bars of the session before, or on provisional ones of this."""

AFTER_OPEN = Slot(Anchor.OPEN)
"""Where decisions rest on completed bars and are traded at the next open."""


def parse_slot(text: str) -> Result[Slot, BadSlot]:
    """The slot that a text such as `close - 15 min` stands for; seconds `s` and hours `h` too.

    Refused: what lies before the open or at or after the close, and offsets above 12 hours.
    """
    shown = text[:_LONGEST_TEXT]
    match = _TEXT.fullmatch(" ".join(shown.lower().split())) if shown == text else None
    if match is None:
        return Failure(BadSlot(shown, "it has to be open or close, and how far from there"))
    anchor = Anchor(match[1])
    offset = int(match[3]) * _UNITS[match[4]] if match[2] else timedelta(0)
    if anchor is Anchor.CLOSE and (match[2] != "-" or not offset):
        return Failure(BadSlot(shown, "the market is closed then"))
    if anchor is Anchor.OPEN and match[2] == "-" and offset:
        return Failure(BadSlot(shown, "the market is not open yet then"))
    if offset > _LONGEST:
        return Failure(BadSlot(shown, "no session is that long"))
    return Success(Slot(anchor, offset))
