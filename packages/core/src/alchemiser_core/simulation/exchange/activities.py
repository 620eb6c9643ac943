"""What happens to an account without an order, as entries of the exchange's ledger."""

from datetime import date, datetime
from decimal import ROUND_FLOOR, Decimal

from alchemiser_core.domain.account import CashActivity, RemovalActivity, SplitActivity
from alchemiser_core.domain.money import CENT, ZERO, Usd
from alchemiser_core.domain.portfolio.cash import CashReason
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.simulation.exchange.entries import Booked
from alchemiser_core.simulation.exchange.exact import EXACT, floored


def moved(
    identifier: str,
    reason: CashReason,
    amount: Decimal,
    session: date,
    at: datetime,
    symbol: Symbol | None = None,
) -> Booked:
    """Cash that comes or goes; `ValueError` where it is no amount in whole cents."""
    return Booked(CashActivity(identifier, reason, _in_cents(amount), session, symbol), at)


def dividend_of(held: Decimal, per_share: Decimal) -> Usd:
    """What is paid on so many shares, in whole cents, rounded down."""
    return Usd(EXACT.multiply(held, per_share).quantize(CENT, ROUND_FLOOR, EXACT))


def split(
    identifier: str,
    activity: tuple[Symbol, Decimal],
    held: Decimal,
    increment: Decimal | None,
    price: Decimal,
    when: tuple[date, datetime],
) -> Booked:
    """New shares for old ones; what is left of an increment is paid at the new price."""
    symbol, ratio = activity
    session, at = when
    exact = EXACT.multiply(held, ratio)
    whole = floored(exact, increment)
    rest = EXACT.multiply(EXACT.subtract(exact, whole), price)
    paid = Usd(rest.quantize(CENT, ROUND_FLOOR, EXACT))
    return Booked(SplitActivity(identifier, symbol, ratio, session, paid), at, whole)


def removal(identifier: str, symbol: Symbol, cash: Decimal, session: date, at: datetime) -> Booked:
    """The whole position ends for an amount of cash."""
    return Booked(RemovalActivity(identifier, symbol, _in_cents(cash), session), at)


def _in_cents(amount: Decimal) -> Usd:
    if not amount.is_finite() or EXACT.remainder(amount, CENT) != ZERO:
        raise ValueError(f"{amount} is no amount of US dollars in whole cents")
    return Usd(amount.quantize(CENT, context=EXACT))
