"""What the adapter can find out about its own connection, for `alchemiser doctor`."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from attrs import frozen
from returns.result import Failure, Result

from alchemiser_alpaca.connection.connection import Connection
from alchemiser_alpaca.connection.failures import WHERE
from alchemiser_alpaca.data.plan import data_problem
from alchemiser_alpaca.market_time import NEW_YORK, midnight, stamp
from alchemiser_alpaca.settings import Tape
from alchemiser_core.domain.problem import Problem
from alchemiser_core.ports.clock import Clock
from alchemiser_core.ports.self_check import Finding
from alchemiser_core.ports.trading_calendar import TradingCalendar

if TYPE_CHECKING:
    from alchemiser_alpaca.broker import AlpacaBroker
    from alchemiser_core.domain.account import BrokerTime
    from alchemiser_core.ports.broker import BrokerFailure

SKEW = timedelta(seconds=10)
"""By how much the broker's clock and the computer's may differ."""


@frozen(eq=False)
class SelfChecks:
    """Everything that is looked at, each thing by itself; nothing is changed."""

    clock: Clock
    calendar: TradingCalendar
    tape: Tape

    def findings(self, broker: "AlpacaBroker") -> tuple[Finding, ...]:
        """In the order in which one rests on the other; without an account there is one only."""
        account = self._account(broker)
        if not account[0].ok:
            return account
        time_there = broker.time()
        now = self.clock.now() if isinstance(time_there, Failure) else time_there.unwrap().at
        return (
            *account,
            *self._time(broker, time_there),
            self._plan(broker.data, now),
            self._fractions(broker.trading),
        )

    def _account(self, broker: "AlpacaBroker") -> tuple[Finding, ...]:
        found = broker.account()
        if isinstance(found, Failure):
            return (Finding("account", "not read", found.failure().problems()),)
        account = found.unwrap()
        kind = "live" if account.is_live else "simulated" if broker.addresses.is_local else "paper"
        blocked = Problem(
            code="account-blocked",
            what=f"the broker takes no orders for the account {account.number}",
            where=WHERE,
            hint="the account's page at the broker says why",
        )
        return (
            Finding("keys", "accepted"),
            Finding("account", f"{account.number}, {kind}, {account.cash} USD in cash"),
            Finding(
                "orders",
                "not taken" if account.is_blocked else "taken",
                (blocked,) if account.is_blocked else (),
            ),
        )

    def _time(
        self, broker: "AlpacaBroker", found: "Result[BrokerTime, BrokerFailure]"
    ) -> tuple[Finding, ...]:
        if isinstance(found, Failure):
            return (Finding("clock", "not read", found.failure().problems()),)
        time_there = found.unwrap()
        return (self._skew(broker, time_there.at), self._agreement(time_there))

    def _skew(self, broker: "AlpacaBroker", at: datetime) -> Finding:
        skew = at - self.clock.now()
        seconds = skew.total_seconds()
        if broker.addresses.is_local:
            return Finding("clock", f"a clock of its own: {at:%Y-%m-%d %H:%M:%S %z}")
        if abs(skew) <= SKEW:
            return Finding("clock", f"{seconds:+.1f} seconds from this computer's")
        problem = Problem(
            code="clock-skew",
            what=f"the broker's clock is {seconds:+.0f} seconds from this computer's",
            where=WHERE,
            why=f"up to {SKEW.seconds} seconds are fine",
            hint="let a time service set the computer's clock",
        )
        return Finding("clock", f"{seconds:+.0f} seconds off", (problem,))

    def _agreement(self, broker_time: "BrokerTime") -> Finding:
        day = broker_time.at.astimezone(NEW_YORK).date()
        known = self.calendar.sessions(day, day)
        if isinstance(known, Failure):
            return Finding("calendar", "does not know the day", known.failure().problems())
        expected = any(each.is_open(broker_time.at) for each in known.unwrap())
        words = {True: "open", False: "closed"}
        if expected is broker_time.is_open:
            return Finding("calendar", f"agrees that the market is {words[expected]}")
        problem = Problem(
            code="calendar-disagrees",
            what=f"the broker says that the market is {words[broker_time.is_open]}",
            where=WHERE,
            why=f"by the calendar {self.calendar.name} it is {words[expected]}",
            hint="nothing is traded while the two disagree",
        )
        return Finding("calendar", "disagrees with the broker", (problem,))

    def _plan(self, data: Connection, now: datetime) -> Finding:
        """Whether bars of today may be read; the server refuses what the plan does not have."""
        today = now.astimezone(NEW_YORK).date()
        parameters = {
            "symbols": "SPY",
            "timeframe": "1Day",
            "start": stamp(midnight(today)),
            # Where no end is asked for, the server itself leaves out what the plan does not have.
            "end": stamp(now),
            "feed": self.tape.value,
            "limit": "1",
        }
        answer = data.get("/stocks/bars", parameters)
        if isinstance(answer, Failure):
            problem = data_problem(answer.failure(), f"{self.tape} prices of today cannot be read")
            return Finding("data plan", f"without {self.tape} prices of today", (problem,))
        return Finding("data plan", f"has {self.tape} prices of today")

    def _fractions(self, trading: Connection) -> Finding:
        answer = trading.get("/account/configurations")
        if isinstance(answer, Failure):
            problem = answer.failure().problem("the account's configuration cannot be read")
            return Finding("fractions", "not known", (problem,))
        told = answer.unwrap()
        if isinstance(told, dict) and told.get("fractional_trading") is True:
            return Finding("fractions", "of shares are traded")
        problem = Problem(
            code="no-fractions",
            what="the account does not trade fractions of a share",
            where=WHERE,
            hint="switch fractional trading on at the broker, or plan whole shares",
        )
        return Finding("fractions", "are not traded", (problem,))
