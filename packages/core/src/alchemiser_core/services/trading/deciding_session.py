"""Which session decides what is traded on a day."""

from datetime import date

import numpy as np
from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_core.config.settings import DecideOn
from alchemiser_core.domain.bars import Sessions
from alchemiser_core.domain.problem import Problem


@frozen
class NoDecidingBars:
    """The bars that are to decide are not there."""

    trading_day: date
    decide_on: DecideOn
    last: date | None
    """The last session of the history up to the trading day."""

    def problems(self) -> tuple[Problem, ...]:
        """One problem: what is asked for and what is there."""
        wanted = "the day itself" if self.decide_on is DecideOn.PROVISIONAL else "a session before"
        return (
            Problem(
                code="no-deciding-bars",
                what=f"there are no bars to decide {self.trading_day} by",
                where=str(self.trading_day),
                why=f"decide_on = {self.decide_on.value} asks for bars of {wanted}; "
                + (f"the last are of {self.last}" if self.last else "there are none up to then"),
                hint="update the data, or trade another day",
            ),
        )


def deciding_session(
    decide_on: DecideOn, trading_day: date, sessions: Sessions
) -> Result[date, NoDecidingBars]:
    """The session whose close decides: the one before the trading day, or the day itself where its
    last trade stands in for its close. `sessions` are those of the bars.
    """
    day = np.datetime64(trading_day, "D")
    provisional = decide_on is DecideOn.PROVISIONAL
    place = int(np.searchsorted(sessions, day, side="right" if provisional else "left")) - 1
    last: date | None = sessions[place].item() if place >= 0 else None
    if last is None or (provisional and last != trading_day):
        return Failure(NoDecidingBars(trading_day, decide_on, last))
    return Success(last)
