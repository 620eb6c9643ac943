"""At which session a paper account stands, and what happens on the way to it."""

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_app.paper.account import PaperAccount
from alchemiser_app.paper.refusals import PaperRefused, refused
from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.money import decimal_from_float
from alchemiser_core.domain.session import TradingSession
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.plugins import TradingContext
from alchemiser_core.ports.market_data import BarRequest

_DAY = timedelta(days=1)
_LONGEST_CLOSURE = timedelta(days=14)
"""Within so many days there is a session."""


@frozen(eq=False)
class Ground:
    """What the account stands on: the bars, and the session that is to be traded."""

    history: BarHistory
    """Up to the session, with opens where they are asked for."""
    session: TradingSession
    priced: date
    """The newest day of the history that may be looked at."""

    def closes(self) -> dict[Symbol, Decimal]:
        """The closes of the newest day, of symbols that have one."""
        return closes_on(self.history, self.priced)


def ground_of_bars(
    context: TradingContext, account: PaperAccount, *, opens: bool
) -> Result[Ground, PaperRefused]:
    """The newest session that feed and calendar have, or the one that was asked for.

    Refused: no bars, no such session, a session before the one that the account stood at.
    """
    bars = _bars(context, account, context.session or context.today, opens=opens)
    if isinstance(bars, Failure):
        return Failure(bars.failure())
    found = _session(context, bars.unwrap())
    if isinstance(found, Failure):
        return Failure(found.failure())
    day = found.unwrap().day
    return _ahead(account, Ground(bars.unwrap().at(day), found.unwrap(), day))


def ground_of_quotes(
    context: TradingContext, account: PaperAccount
) -> Result[Ground, PaperRefused]:
    """The session that is on by the system's clock, or the next one."""
    now = context.clock.now()
    today = now.date()
    known = context.calendar.sessions(today - _DAY, today + _LONGEST_CLOSURE)
    if isinstance(known, Failure):
        return Failure(PaperRefused(known.failure().problems()))
    session = next((each for each in known.unwrap() if each.closes > now), None)
    if session is None:
        why = f"{context.calendar.name} has none until {today + _LONGEST_CLOSURE}"
        return Failure(refused("no-such-session", "there is no session ahead", why=why))
    bars = _bars(context, account, session.day - _DAY, opens=False)
    if isinstance(bars, Failure):
        return Failure(bars.failure())
    history = bars.unwrap()
    return _ahead(account, Ground(history, session, history.session(len(history) - 1)))


def _bars(
    context: TradingContext, account: PaperAccount, end: date | None, *, opens: bool
) -> Result[BarHistory, PaperRefused]:
    symbols = sorted({*context.symbols, *account.exchange.state.held})
    bars = context.feed.bars(BarRequest(symbols, end=end, closes_only=not opens))
    return bars.alt(lambda failure: PaperRefused(failure.problems()))


def _ahead(account: PaperAccount, ground: Ground) -> Result[Ground, PaperRefused]:
    """Time never goes back."""
    if account.stood is not None and ground.session.day < account.stood.session.day:
        return Failure(_went_back(account.stood.session.day, ground.session.day))
    return Success(ground)


def _session(context: TradingContext, bars: BarHistory) -> Result[TradingSession, PaperRefused]:
    newest = bars.session(len(bars) - 1)
    first = context.session or newest - _LONGEST_CLOSURE
    known = context.calendar.sessions(first, newest if first <= newest else first)
    if isinstance(known, Failure):
        return Failure(PaperRefused(known.failure().problems()))
    days = set(bars.sessions[bars.sessions >= np.datetime64(first, "D")].tolist())
    both = [each for each in known.unwrap() if each.day in days]
    if both:
        return Success(both[-1])
    if context.session is not None:
        return Failure(
            refused(
                "no-such-session",
                f"there is no session on {context.session} that could be traded",
                context.feed.name,
                f"the feed's newest is {newest}",
                "ask for a day that the feed and the calendar have",
            )
        )
    why = f"of its days from {first} to {newest} none is a session of {context.calendar.name}"
    return Failure(refused("no-such-session", "the feed has no session", context.feed.name, why))


def _went_back(stood: date, asked: date) -> PaperRefused:
    return refused(
        "paper-time-went-back",
        f"the paper account stands at {stood}, and {asked} is before that",
        "",
        "what has been traded cannot be traded again",
        "take a feed that reaches further, or start anew with `alchemiser paper reset`",
    )


def closes_on(history: BarHistory, day: date) -> dict[Symbol, Decimal]:
    """The closes of a session, of symbols that have one; empty where there is no such session."""
    row = history.row_at(day)
    if row < 0 or history.session(row) != day:
        return {}
    prices = zip(history.symbols, history.close[row].tolist(), strict=True)
    return {s: decimal_from_float(price) for s, price in prices if not np.isnan(price)}
