"""Balances and positions as clients are shown them: with the prices of now, as old as the lag."""

from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING

from alchemiser_alpaca.simulator.exchange.account import AccountView, PositionView
from alchemiser_alpaca.simulator.exchange.holdings import Holding
from alchemiser_alpaca.simulator.exchange.identity import identifier
from alchemiser_alpaca.simulator.exchange.order import SimulatedOrder
from alchemiser_alpaca.simulator.exchange.sessions import exchange_day
from alchemiser_core.domain.money import CENT, ZERO
from alchemiser_core.simulation.exchange.exact import EXACT

if TYPE_CHECKING:
    from alchemiser_alpaca.simulator.exchange.engine import Engine

_RATE_DIGITS = Decimal("1E-6")
_MAINTENANCE = Decimal("0.30")
"""Of what is held, where it was bought on margin."""


def account(engine: "Engine") -> AccountView:
    """The balances; what open orders hold back is never behind."""
    cash, held = _seen(engine)
    worth = sum((_worth(engine, s, h) for s, h in held.items()), start=ZERO)
    equity = EXACT.add(cash, worth)
    multiplier = Decimal(engine.terms.multiplier)
    free = EXACT.subtract(EXACT.multiply(multiplier, equity), worth)
    closed, opened = engine.state.closed, engine.state.opened
    if opened is None:
        raise ValueError("the account was never opened")
    on_margin = multiplier > 1
    held_back = engine.state.held_cash
    return AccountView(
        id=identifier(engine.terms.account_number),
        account_number=engine.terms.account_number,
        created_at=opened.at,
        cash=cash,
        equity=equity,
        last_equity=closed[-1].equity if closed else opened.cash,
        buying_power=max(ZERO, _cents(EXACT.subtract(free, held_back))),
        non_marginable_buying_power=max(ZERO, EXACT.subtract(cash, held_back)),
        long_market_value=worth,
        initial_margin=_cents(EXACT.divide(worth, multiplier)),
        maintenance_margin=_cents(EXACT.multiply(worth, _MAINTENANCE)) if on_margin else worth,
        multiplier=engine.terms.multiplier,
        flags=engine.state.flags,
    )


def positions(engine: "Engine") -> list[PositionView]:
    """What is held, sorted by symbol."""
    _, held = _seen(engine)
    return [_position(engine, symbol, held[symbol]) for symbol in sorted(held)]


def position(engine: "Engine", symbol: str) -> PositionView | None:
    """One of them."""
    if not engine.switches.positions_lag_ms:
        holding = engine.state.held.get(symbol)
    else:
        holding = _seen(engine)[1].get(symbol)
    return None if holding is None else _position(engine, symbol, holding)


def is_found(engine: "Engine", order: SimulatedOrder) -> bool:
    """Whether an order is old enough to be found."""
    return order.created_at + engine.switches.orders_lag <= engine.now


def _seen(engine: "Engine") -> tuple[Decimal, dict[str, Holding]]:
    if not engine.switches.positions_lag_ms:
        return engine.state.cash, engine.state.held
    return engine.state.as_of(engine.now - engine.switches.positions_lag)


def _worth(engine: "Engine", symbol: str, holding: Holding) -> Decimal:
    price = engine.price(symbol)
    return _cents(holding.cost if price is None else EXACT.multiply(holding.qty, price))


def _position(engine: "Engine", symbol: str, holding: Holding) -> PositionView:
    asset = engine.assets.find(symbol)
    if asset is None:
        raise ValueError(f"{symbol} is held and not listed")
    price = engine.price(symbol) or holding.average_price
    before = engine.market.previous_close(symbol, engine.now) or price
    worth, cost = _worth(engine, symbol, holding), _cents(holding.cost)
    begins = _at_the_beginning_of_today(engine, symbol, holding, before)
    free = EXACT.subtract(holding.qty, engine.state.reserved(symbol))
    return PositionView(
        asset=asset,
        qty=holding.qty,
        qty_available=max(ZERO, free),
        avg_entry_price=holding.average_price,
        cost_basis=cost,
        current_price=price,
        lastday_price=before,
        market_value=worth,
        unrealized_pl=EXACT.subtract(worth, cost),
        unrealized_plpc=_rate(EXACT.subtract(worth, cost), cost),
        unrealized_intraday_pl=EXACT.subtract(worth, begins),
        unrealized_intraday_plpc=_rate(EXACT.subtract(worth, begins), begins),
        change_today=_rate(EXACT.subtract(price, before), before),
    )


def _at_the_beginning_of_today(
    engine: "Engine", symbol: str, holding: Holding, before: Decimal
) -> Decimal:
    """The cost of a position whose first shares were bought today, else its value yesterday."""
    today = exchange_day(engine.now)
    before_today = [each for each in engine.state.closed[-2:] if each.day < today]
    is_older = bool(before_today) and symbol in before_today[-1].closes
    return _cents(EXACT.multiply(holding.qty, before) if is_older else holding.cost)


def _rate(change: Decimal, of: Decimal) -> Decimal:
    if not of:
        return ZERO
    return EXACT.divide(change, of).quantize(_RATE_DIGITS, ROUND_HALF_EVEN, EXACT)


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_EVEN, EXACT)
