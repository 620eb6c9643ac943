"""The broker's side of a reconciliation: everything it says about the account, read as one."""

from collections.abc import Iterable
from datetime import date, timedelta

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_core.domain.account import Account, Activity, HeldPosition
from alchemiser_core.domain.orders.report import OrderReport
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.broker import Broker, BrokerFailure
from alchemiser_core.services.closed_cycles import first_day
from alchemiser_core.services.ledger import Ledger

ACTIVITY_DAYS = timedelta(days=30)
"""How far before the last cycle activities are read: a broker may book them late."""

_ATTEMPTS = 3


@frozen
class BrokerState:
    """An account as its broker shows it."""

    broker: str
    """Name of the broker."""
    account: Account
    positions: tuple[HeldPosition, ...] = ()
    orders: tuple[OrderReport, ...] = ()
    """All open orders, and those of the days asked for."""
    activities: tuple[Activity, ...] = ()
    """Oldest first."""
    moving: frozenset[Symbol] = frozenset()
    """Symbols that were being filled while the account was read; their numbers may not fit."""


@frozen
class ReadSince:
    """From which days on a broker is asked."""

    orders: date
    activities: date


def read_since(ledger: Ledger, session: date) -> ReadSince:
    """The days that cover every order that may still be heard of, and all that happened to the
    account since the last cycle, however long ago that was.
    """
    days = first_day(ledger.closed, session)
    if ledger.cycle is not None:
        days = min(days, ledger.cycle.key.trading_day)
    last = ledger.last.cycle.trading_day if ledger.last is not None else session
    return ReadSince(min(days, session), min(last, session) - ACTIVITY_DAYS)


def read_broker(broker: Broker, since: ReadSince) -> Result[BrokerState, BrokerFailure]:
    """Everything the broker says; a read that fails fails all of it, and is never taken as empty.

    Orders are read before and after the rest, and all of it again where they have moved meanwhile.
    """
    before = broker.orders(since.orders)
    if isinstance(before, Failure):
        return before
    known = before.unwrap()
    state = _read(broker, since, known)
    for _ in range(_ATTEMPTS - 1):
        if isinstance(state, Failure) or not state.unwrap().moving:
            break
        state = _read(broker, since, state.unwrap().orders)
    return state


def _read(
    broker: Broker, since: ReadSince, before: tuple[OrderReport, ...]
) -> Result[BrokerState, BrokerFailure]:
    account = broker.account()
    if isinstance(account, Failure):
        return account
    positions = broker.positions()
    if isinstance(positions, Failure):
        return positions
    activities = broker.activities(since.activities)
    if isinstance(activities, Failure):
        return activities
    orders = broker.orders(since.orders)
    if isinstance(orders, Failure):
        return orders
    after = orders.unwrap()
    return Success(
        BrokerState(
            broker.name,
            account.unwrap(),
            positions.unwrap(),
            after,
            activities.unwrap(),
            _moved(before, after),
        )
    )


def _moved(before: Iterable[OrderReport], after: Iterable[OrderReport]) -> frozenset[Symbol]:
    filled = {report.client_order_id: report.filled_quantity for report in before}
    return frozenset(
        report.symbol
        for report in after
        if report.filled_quantity != filled.get(report.client_order_id, 0)
    )
