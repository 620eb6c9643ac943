"""The check against a second feed: which symbols it is asked for, and where it disagrees."""

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from alchemiser_core.config.check_settings import AcceptedMove, CheckPolicy, CheckSettings
from alchemiser_core.domain.bars import PriceBasis
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.services.bar_checks.facts import SecondOpinion
from alchemiser_core.services.bar_checks.findings import Check, Finding
from alchemiser_core.services.bar_checks.recent import RecentBars

_SESSIONS = 3
"""Newest sessions whose returns are compared: a tick is often put right a day or two later."""
_EARLIER = timedelta(days=10)
"""Before the first session that is compared, so that the price before it is there, too."""


_Bases = tuple[PriceBasis, PriceBasis]
"""Of the prices that are checked, and of the second feed's."""


@frozen
class SecondQuestion:
    """What a second feed is to be asked."""

    symbols: tuple[Symbol, ...]
    start: date
    end: date


def second_question(recent: RecentBars, settings: CheckSettings) -> SecondQuestion | None:
    """The symbols that jumped, then those whose last move is most unusual for them; `None` where
    there is nothing to ask.

    A bad tick is not the largest move of a session, but one that the symbol does not make: -3 % is
    a common day for a fund of three times, and none for one of futures.
    """
    history = recent.history
    if not settings.second_symbols or not len(recent.priced):
        return None
    jumped = new_jumps(recent, settings)
    ranked = [column for _, column in jumped] + _most_unusual(recent).tolist()
    columns = list(dict.fromkeys(ranked))[: settings.second_symbols]
    if not columns:
        return None
    last = len(recent.priced) - 1
    rows = [row for row, column in jumped if column in columns]
    first = min([*rows, max(last - _SESSIONS + 1, 0)])
    start = recent.session(first) - _EARLIER
    return SecondQuestion(tuple(history.symbols[c] for c in columns), start, recent.session(last))


def new_jumps(recent: RecentBars, settings: CheckSettings) -> list[tuple[int, int]]:
    """Rows and columns of the moves beyond `jump_size` that nobody has accepted, newest first."""
    accepted = settings.accepted_moves()
    places: list[list[int]] = np.argwhere(recent.sizes > 1 + float(settings.jump_size)).tolist()
    found = [(row, column) for row, column in reversed(places)]
    return [at for at in found if _move_at(recent, *at) not in accepted]


def _move_at(recent: RecentBars, row: int, column: int) -> AcceptedMove:
    return recent.history.symbols[column], recent.session(row)


def _most_unusual(recent: RecentBars) -> NDArray[np.intp]:
    """Columns with a last move, those first where it is the largest multiple of the usual one."""
    with np.errstate(all="ignore"):
        sizes = np.log(recent.sizes)
        moved = np.isfinite(sizes[:-1])
        usual = np.where(moved, sizes[:-1], 0.0).sum(axis=0) / moved.sum(axis=0)
        unusual = sizes[-1] / usual
    there = np.flatnonzero(~np.isnan(sizes[-1]))
    order: NDArray[np.intp] = np.argsort(-np.nan_to_num(unusual[there], posinf=np.inf))
    return there[order]


def second_move(opinion: SecondOpinion, symbol: Symbol, before: date, day: date) -> float | None:
    """How the price moved between two sessions by the second feed; `None` where it does not say."""
    history = opinion.history
    if history is None or symbol not in history.columns:
        return None
    column, prices = history.columns[symbol], []
    for session in (before, day):
        row = history.row_at(session)
        if row < 0 or history.session(row) != session:
            return None
        prices.append(float(history.close[row, column]))
    if not all(0 < price < np.inf for price in prices):
        return None
    return prices[1] / prices[0]


def agree(move: float, other: float, settings: CheckSettings) -> bool:
    """Whether two feeds say the same of a session, as far as two feeds do."""
    return abs(move - other) <= float(settings.second_tolerance) * max(1.0, move)


def ticks(
    recent: RecentBars,
    opinion: SecondOpinion,
    settings: CheckSettings,
    running: date | None = None,
) -> tuple[Finding, ...]:
    """Where the second feed has another return, and where it does not say one. That it has none of
    a session that is still `running` is no news.
    """
    if opinion.history is None:
        return (_silent(opinion, settings),)
    silent, found = [], []
    for symbol in opinion.asked:
        column = recent.history.columns[symbol]
        last = _compared(recent, opinion, column, len(recent.priced) - 1)
        if last is None or last.other is None:
            silent.append(symbol)
        found += [c for c in _comparisons(recent, opinion, column) if c.differs(settings)]
    bases = (recent.history.basis, opinion.history.basis)
    findings = tuple(_differs(each, opinion, bases, settings) for each in found)
    if not silent or recent.session(len(recent.priced) - 1) == running:
        return findings
    return (*findings, _no_price(silent, recent, opinion))


@frozen
class _Compared:
    """A session's move by both feeds."""

    symbol: Symbol
    session: date
    move: float
    other: float | None

    def differs(self, settings: CheckSettings) -> bool:
        """Whether they are too far apart, and nobody has accepted that."""
        if self.other is None or agree(self.move, self.other, settings):
            return False
        return (self.symbol, self.session) not in settings.accepted_moves()


def _comparisons(recent: RecentBars, opinion: SecondOpinion, column: int) -> Iterator[_Compared]:
    rows = len(recent.priced)
    for row in range(max(rows - _SESSIONS, 0), rows):
        compared = _compared(recent, opinion, column, row)
        if compared is not None:
            yield compared


def _compared(
    recent: RecentBars, opinion: SecondOpinion, column: int, row: int
) -> _Compared | None:
    """`None` where the symbol has no move of its own in that session."""
    move = float(recent.moves[row, column])
    if np.isnan(move):
        return None
    symbol, day = recent.history.symbols[column], recent.session(row)
    before = recent.history.session(recent.before(row, column))
    return _Compared(symbol, day, move, second_move(opinion, symbol, before, day))


def _differs(
    found: _Compared, opinion: SecondOpinion, bases: _Bases, settings: CheckSettings
) -> Finding:
    other, (ours, theirs) = found.other or 0.0, bases
    apart = (
        f"; our prices are {ours.value} and theirs {theirs.value}: a dividend or a split of that "
        "day would explain it"
    )
    problem = Problem(
        code="second-feed-differs",
        what=f"{found.symbol} moved by {found.move - 1:+.1%} on {found.session}, "
        f"and by {other - 1:+.1%} at {opinion.feed}",
        where=found.symbol,
        why=f"feeds may be {float(settings.second_tolerance):.1%} apart"
        + (apart if ours is not theirs else ""),
        hint="find out which one is right; where it is the first: "
        f'data.checks.accepted = ["{found.symbol} {found.session}"]',
    )
    return Finding(Check.TICK, settings.tick, problem, found.symbol, found.session, found.move - 1)


def _silent(opinion: SecondOpinion, settings: CheckSettings) -> Finding:
    problem = Problem(
        code="second-feed-silent",
        what=f"the second feed {opinion.feed} did not confirm {', '.join(opinion.asked)}",
        where=opinion.feed,
        why="; ".join(map(str, opinion.silence))
        or f"it did not answer within {settings.second_seconds} s",
        hint="nothing waits for it: the other checks hold",
    )
    return Finding(Check.TICK, CheckPolicy.WARN, problem)


def _no_price(symbols: list[Symbol], recent: RecentBars, opinion: SecondOpinion) -> Finding:
    last = recent.session(len(recent.priced) - 1)
    problem = Problem(
        code="second-feed-silent",
        what=f"the second feed {opinion.feed} has no return of {', '.join(symbols)} on {last}",
        where=opinion.feed,
        why="it may be late, or not know them",
        hint="nothing waits for it: the other checks hold",
    )
    return Finding(Check.TICK, CheckPolicy.WARN, problem, session=last)
