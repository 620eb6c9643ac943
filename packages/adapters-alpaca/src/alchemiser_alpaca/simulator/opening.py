"""Opens what is served: the account of the ledger or a new one, its market, and its clock."""

from pathlib import Path
from typing import Protocol

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_alpaca.simulator.clock import SimulatorClock
from alchemiser_alpaca.simulator.desk import Desk
from alchemiser_alpaca.simulator.exchange.assets import listed
from alchemiser_alpaca.simulator.exchange.exchange import Terms, open_exchange
from alchemiser_alpaca.simulator.exchange.ledger import Ledger, LedgerFault, open_ledger
from alchemiser_alpaca.simulator.exchange.market import market_of
from alchemiser_alpaca.simulator.exchange.sessions import Sessions
from alchemiser_alpaca.simulator.faults.book import FaultBook
from alchemiser_alpaca.simulator.faults.plan import read_plan_file
from alchemiser_alpaca.simulator.settings import SimulatorSettings
from alchemiser_core.domain.problem import Problem
from alchemiser_core.plugins import SimulationContext
from alchemiser_core.ports.broker_simulator import NotServing


class _Explained(Protocol):
    def problems(self) -> tuple[Problem, ...]: ...


@frozen(eq=False)
class Opened:
    """An account that can be served."""

    desk: Desk
    book: FaultBook


def opened(
    settings: SimulatorSettings, context: SimulationContext, folder: str
) -> Result[Opened, NotServing]:
    """The account at the time at which it goes on; relative paths are meant from `folder`.

    Failures: a bad fault plan, prices that cannot be had, a ledger that cannot be used.
    """
    book = FaultBook()
    if settings.faults:
        plan = read_plan_file(_path(settings.faults, folder))
        if isinstance(plan, Failure):
            return Failure(_not_serving(plan.failure()))
        book.put(plan.unwrap())
    ledger = _ledger(settings, folder)
    if isinstance(ledger, Failure):
        return Failure(_not_serving(ledger.failure()))
    desk = _desk(settings, context, ledger.unwrap())
    if isinstance(desk, Failure):
        ledger.unwrap().close()
        return Failure(desk.failure())
    return Success(Opened(desk.unwrap(), book))


def _desk(
    settings: SimulatorSettings, context: SimulationContext, ledger: Ledger
) -> Result[Desk, NotServing]:
    switches = settings.switches
    sessions = Sessions(context.calendar, switches.early_extended_close)
    market = market_of(context.feed, sessions, context.symbols, settings.spread_bps)
    if isinstance(market, Failure):
        return Failure(_not_serving(market.failure()))
    assets = listed(context.symbols, settings.not_fractionable, settings.not_tradable)
    terms = Terms(
        account_number=settings.account_number,
        cash=settings.cash,
        multiplier=settings.multiplier,
        seed=settings.seed,
    )
    exchange = open_exchange(market.unwrap(), assets, terms, switches, ledger, context.start)
    if isinstance(exchange, Failure):
        return Failure(_not_serving(exchange.failure()))
    start = max(context.start, exchange.unwrap().now)
    return Success(Desk(exchange.unwrap(), SimulatorClock(start, float(settings.speed))))


def _ledger(settings: SimulatorSettings, folder: str) -> Result[Ledger, LedgerFault]:
    if not settings.ledger:
        return Success(Ledger())
    return open_ledger(_path(settings.ledger, folder))


def _path(written: str, folder: str) -> Path:
    return Path(folder) / Path(written).expanduser()


def _not_serving(error: _Explained) -> NotServing:
    return NotServing(error.problems())
