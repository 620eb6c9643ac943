"""What happens to the account without an order: cash, dividends, splits, ends of securities."""

from decimal import ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING

from returns.result import Failure, Result, Success

from alchemiser_alpaca.simulator.exchange import account_refusals
from alchemiser_alpaca.simulator.exchange.account import Activity
from alchemiser_alpaca.simulator.exchange.changes_of_state import end
from alchemiser_alpaca.simulator.exchange.entries import (
    CashMoved,
    PositionRemoved,
    SplitBooked,
)
from alchemiser_alpaca.simulator.exchange.order import Status
from alchemiser_alpaca.simulator.exchange.refusal import Refusal
from alchemiser_alpaca.simulator.exchange.sessions import exchange_day
from alchemiser_core.domain.money import CENT, ZERO
from alchemiser_core.simulation.exchange.exact import EXACT, floored

if TYPE_CHECKING:
    from alchemiser_alpaca.simulator.exchange.engine import Engine

_SHARE = Decimal(1)
_FRACTION = Decimal("1E-9")


def move_cash(engine: "Engine", kind: str, amount: Decimal) -> Activity:
    """Cash that comes, or goes where the amount is negative."""
    return _moved(engine, kind, amount)


def withdraw(engine: "Engine", amount: Decimal) -> Result[Activity, Refusal]:
    """Cash goes out as far as it is there and open buys do not hold it back."""
    free = EXACT.subtract(engine.state.cash, engine.state.held_cash)
    if amount > free:
        return Failure(account_refusals.buying_power(free, amount))
    return Success(_moved(engine, "CSW", EXACT.minus(amount)))


def dividend(engine: "Engine", symbol: str, per_share: Decimal) -> Activity | None:
    """Cash for every share held, in whole cents, rounded down; `None` where that is nothing."""
    holding = engine.state.held.get(symbol)
    if holding is None:
        return None
    paid = EXACT.multiply(holding.qty, per_share).quantize(CENT, ROUND_FLOOR, EXACT)
    if not paid:
        return None
    return _moved(engine, "DIV", paid, (symbol, holding.qty, per_share))


def split(engine: "Engine", symbol: str, ratio: Decimal) -> Activity | None:
    """New shares for old ones and prices that follow; open orders of the symbol are cancelled."""
    _clear(engine, symbol, "cancelled by a split")
    engine.market.split(symbol, ratio, engine.now)
    holding, asset = engine.state.held.get(symbol), engine.assets.find(symbol)
    came, cash = ZERO, ZERO
    if holding is not None:
        whole = asset is not None and not asset.fractionable
        exact = EXACT.multiply(holding.qty, ratio)
        after = floored(exact, _SHARE if whole else _FRACTION)
        came = EXACT.subtract(after, holding.qty)
        rest = EXACT.multiply(EXACT.subtract(exact, after), engine.price(symbol) or ZERO)
        cash = rest.quantize(CENT, ROUND_FLOOR, EXACT)
    day = exchange_day(engine.now)
    engine.record(SplitBooked(_name(engine), symbol, ratio, came, cash, day, engine.now))
    return None if holding is None else engine.state.activities[-1]


def remove(engine: "Engine", symbol: str, cash: Decimal) -> Activity | None:
    """The whole position ends for an amount of cash."""
    _clear(engine, symbol, "cancelled by the end of the security")
    holding = engine.state.held.get(symbol)
    if holding is None:
        return None
    day = exchange_day(engine.now)
    engine.record(PositionRemoved(_name(engine), symbol, holding.qty, cash, day, engine.now))
    return engine.state.activities[-1]


def amount_of(value: Decimal, least: Decimal = CENT) -> Decimal:
    """The amount in whole cents; `ValueError` where it is none, or less than the least."""
    if not value.is_finite() or value < least or EXACT.remainder(value, CENT):
        raise ValueError(f"{value} is no amount of US dollars in whole cents of {least} or more")
    return value.quantize(CENT, context=EXACT)


def factor_of(value: Decimal) -> Decimal:
    """A ratio, or an amount a share; `ValueError` where it is not above 0."""
    if not value.is_finite() or value <= ZERO:
        raise ValueError(f"{value} is not above 0")
    return value


def _moved(
    engine: "Engine",
    kind: str,
    amount: Decimal,
    shares: tuple[str | None, Decimal | None, Decimal | None] = (None, None, None),
) -> Activity:
    day = exchange_day(engine.now)
    engine.record(CashMoved(_name(engine), kind, amount, day, engine.now, *shares))
    return engine.state.activities[-1]


def _clear(engine: "Engine", symbol: str, why: str) -> None:
    for order in list(engine.state.open_of.get(symbol, {}).values()):
        if order.is_open:
            end(engine, order, Status.CANCELED, why)
            engine.plan(order)


def _name(engine: "Engine") -> str:
    return engine.name("activity", len(engine.ledger.entries) + 1)
