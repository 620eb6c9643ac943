"""Settings of the checks that bars pass before anything is decided by them."""

import re
from datetime import date
from decimal import Decimal
from enum import StrEnum

from attrs import field, frozen
from returns.result import Success

from alchemiser_core.config.checks import COUNT, POSITIVE, SECONDS, SHARE, doc, must_be
from alchemiser_core.domain.symbol import Symbol, parse_symbol


class CheckPolicy(StrEnum):
    """What follows where a check of single symbols, or of rows, finds something."""

    REFUSE = "refuse"
    """Nothing is decided."""
    DROP = "drop"
    """It is decided without the symbol, or the rows."""
    WARN = "warn"
    """It is decided, and said."""


class WholePolicy(StrEnum):
    """What follows where a check of the whole history finds something."""

    REFUSE = "refuse"
    WARN = "warn"


AcceptedMove = tuple[Symbol, date]
"""A symbol, and the session of a move that somebody has looked at and found to be real."""

_MOVE = re.compile(r"(\S+)\s+(\d{4}-\d{2}-\d{2})")


def _accepted(text: str) -> AcceptedMove | None:
    found = _MOVE.fullmatch(text.strip())
    if found is None:
        return None
    symbol = parse_symbol(found[1])
    try:
        day = date.fromisoformat(found[2])
    except ValueError:
        return None
    return (symbol.unwrap(), day) if isinstance(symbol, Success) else None


MOVES = must_be(
    'a list of moves, each with symbol and session: "SVXY 2018-02-06"',
    lambda value: all(_accepted(text) is not None for text in value),
)
_WITHOUT = "`drop` decides without the symbol."


@frozen(kw_only=True)
class CheckSettings:
    """What bars have to pass before anything is decided by them, and what follows where they do
    not: `refuse`, `drop` or `warn`.
    """

    stale: WholePolicy = field(
        default=WholePolicy.REFUSE,
        metadata=doc("The newest bars are of an earlier session than the one that has to decide."),
    )
    partial: CheckPolicy = field(
        default=CheckPolicy.DROP,
        metadata=doc(
            "Bars after the last session that is over: the one that runs, or a day without a "
            "session. `drop` decides without these rows."
        ),
    )
    days: WholePolicy = field(
        default=WholePolicy.REFUSE,
        metadata=doc(
            "Among the sessions that are looked at is one without any bars, or a day that the "
            "exchange's calendar does not have."
        ),
    )
    missing_bar: CheckPolicy = field(
        default=CheckPolicy.REFUSE,
        metadata=doc(
            "A symbol has no price in the session that decides, and had one within "
            f"`data.carry_sessions` before. {_WITHOUT}"
        ),
    )
    missing_symbol: CheckPolicy = field(
        default=CheckPolicy.WARN,
        metadata=doc(
            "A symbol has had no price for longer than that, or never: rules that need it cannot "
            "decide, and nothing chooses it."
        ),
    )
    bad_price: CheckPolicy = field(
        default=CheckPolicy.WARN,
        metadata=doc(
            "A price that is zero, negative or impossible, or missing beside others of its row. It "
            f"counts as missing. {_WITHOUT}"
        ),
    )
    jump: CheckPolicy = field(
        default=CheckPolicy.REFUSE,
        metadata=doc(
            "A price has moved by more than `jump_size`; neither a split, nor the second feed, nor "
            f"`accepted` explains it. {_WITHOUT}"
        ),
    )
    split: CheckPolicy = field(
        default=CheckPolicy.REFUSE,
        metadata=doc(
            "A feed of raw prices knows a split: the prices before it are no measure for those "
            f"after it. {_WITHOUT}"
        ),
    )
    tick: CheckPolicy = field(
        default=CheckPolicy.REFUSE,
        metadata=doc(
            "The second feed of `data.second` has another return in one of the last three "
            f"sessions. {_WITHOUT} Where that feed does not answer, this is said, and no more."
        ),
    )
    universe: WholePolicy = field(
        default=WholePolicy.REFUSE,
        metadata=doc(
            "Several symbols at once have lost their price: fewer than `universe_share` of those "
            "priced in the sessions before have one."
        ),
    )
    repaired: WholePolicy = field(
        default=WholePolicy.WARN,
        metadata=doc(
            "The feed has put something right by itself: rows out of order, or there twice, or of "
            "a day that is no session."
        ),
    )
    sessions: int = field(
        default=60,
        validator=COUNT,
        metadata=doc(
            "Sessions before the one that decides in which prices and moves are looked at, as each "
            "was when it was new."
        ),
    )
    jump_size: Decimal = field(
        # Of 103 funds and shares in up to 60 years sixteen days were beyond it. Lower, and every
        # fund of three times would have been refused on 2020-03-16; higher, and a split of 2:1
        # would pass that falls on a day of +14 %.
        default=Decimal("0.75"),
        validator=POSITIVE,
        metadata=doc(
            "Largest rise within a session, and the rise that undoes the largest fall: 0.75 is "
            "+75 % and -43 %."
        ),
    )
    universe_share: Decimal = field(
        default=Decimal("0.9"),
        validator=SHARE,
        metadata=doc("Part of the symbols that have to have kept a price."),
    )
    second_symbols: int = field(
        default=8,
        validator=COUNT,
        metadata=doc(
            "Symbols that the second feed is asked for before a decision, those with the most "
            "unusual moves; eight are a minute's budget of a free plan. 0 asks for none."
        ),
    )
    second_tolerance: Decimal = field(
        default=Decimal("0.01"),
        validator=POSITIVE,
        metadata=doc("How far two feeds may be apart in a session's return; 0.01 is one percent."),
    )
    second_seconds: int = field(
        default=20,
        validator=SECONDS,
        metadata=doc("Seconds that a decision waits for the second feed."),
    )
    accepted: tuple[str, ...] = field(
        default=(),
        validator=MOVES,
        metadata=doc(
            'Moves that somebody has looked at and found to be real, as `["SVXY 2018-02-06"]`.'
        ),
    )

    def accepted_moves(self) -> frozenset[AcceptedMove]:
        """The moves of `accepted`."""
        found = (_accepted(text) for text in self.accepted)
        return frozenset(move for move in found if move is not None)
