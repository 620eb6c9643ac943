"""When the difference to the decided weights is traded: every session, once a period, or on drift.

The same rules one session at a time (`reason_to_trade`) and for a whole axis (`scheduled`).
"""

from datetime import date
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from alchemiser_core.domain.bars import Sessions
from alchemiser_core.domain.rebalance_policy import Frequency, RebalancePolicy


class BookRebalance(StrEnum):
    """How often the books of a portfolio are brought back to their capital shares."""

    NEVER = "never"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"

    @property
    def frequency(self) -> Frequency:
        """The same as a frequency; never is `NONE`."""
        return Frequency.NONE if self is BookRebalance.NEVER else Frequency(self.value)


class TradeReason(StrEnum):
    """Why a session trades."""

    FIRST = "first session"
    PERIOD = "first decidable session of the period"
    DRIFT = "drift above the threshold"
    PATH = "a condition or choice on the active path changed"
    TRANSFER = "cash moves between the books"
    RETIRED = "the strategy has left the portfolio"


def reason_to_trade(
    policy: RebalancePolicy,
    session: date,
    previous: date | None,
    *,
    path_changed: bool,
    drift: float,
) -> TradeReason | None:
    """Why a decidable session trades; `None` where holdings are left alone.

    `previous` is the decidable session before, `None` on the first. `drift` is the largest
    |held − decided| weight; it matters only where the policy has a threshold, which then governs
    in place of the frequency.
    """
    if previous is None:
        return TradeReason.FIRST
    if policy.threshold is not None and drift > policy.threshold:
        return TradeReason.DRIFT
    if policy.threshold is not None or policy.frequency is Frequency.NONE:
        return TradeReason.PATH if path_changed else None
    return TradeReason.PERIOD if opens_period(policy.frequency, session, previous) else None


def opens_period(frequency: Frequency, session: date, previous: date | None) -> bool:
    """Whether `session` is the first of its period, `previous` being the decidable one before.

    The first session of all opens every period; with `NONE` there are no periods to open.
    """
    if frequency is Frequency.NONE:
        return False
    return previous is None or _period(frequency, session) != _period(frequency, previous)


def books_due(rebalance: BookRebalance, session: date, previous: date | None) -> bool:
    """Whether books are brought back to their shares in `session`; never on the first session."""
    return previous is not None and opens_period(rebalance.frequency, session, previous)


def _period(frequency: Frequency, session: date) -> tuple[int, int]:
    match frequency:
        case Frequency.WEEKLY:
            return session.isocalendar()[:2]
        case Frequency.MONTHLY:
            return session.year, session.month
        case Frequency.QUARTERLY:
            return session.year, (session.month - 1) // 3
        case Frequency.YEARLY:
            return session.year, 0
        case Frequency.DAILY | Frequency.NONE:
            return session.toordinal(), 0


def scheduled(
    policy: RebalancePolicy, sessions: Sessions, path_changed: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Which decidable sessions trade for another reason than drift, shape (sessions,).

    Drift depends on what was traded before, so a policy with a threshold trades on these sessions
    and on those where `largest_drift` exceeds it. The first session always trades.
    """
    if policy.threshold is not None or policy.frequency is Frequency.NONE:
        trades = path_changed.copy()
    else:
        trades = period_starts(policy.frequency, sessions)
    trades[:1] = True
    return trades


def period_starts(frequency: Frequency, sessions: Sessions) -> NDArray[np.bool_]:
    """`opens_period` for every session of an axis of decidable sessions, shape (sessions,)."""
    if frequency is Frequency.NONE:
        return np.zeros(len(sessions), dtype=np.bool_)
    starts = np.ones(len(sessions), dtype=np.bool_)
    periods = _periods(frequency, sessions)
    starts[1:] = periods[1:] != periods[:-1]
    return starts


def _periods(frequency: Frequency, sessions: Sessions) -> NDArray[np.int64]:
    match frequency:
        case Frequency.WEEKLY:
            # 1970-01-01 was a Thursday: three days on, the count of weeks changes on Mondays.
            return (sessions.astype("datetime64[D]").astype(np.int64) + 3) // 7
        case Frequency.MONTHLY:
            return sessions.astype("datetime64[M]").astype(np.int64)
        case Frequency.QUARTERLY:
            return sessions.astype("datetime64[M]").astype(np.int64) // 3
        case Frequency.YEARLY:
            return sessions.astype("datetime64[Y]").astype(np.int64)
        case Frequency.DAILY | Frequency.NONE:
            return sessions.astype("datetime64[D]").astype(np.int64)
