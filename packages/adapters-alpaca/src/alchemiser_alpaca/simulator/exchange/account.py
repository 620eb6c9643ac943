"""The account as it is told to clients: balances, positions and activities."""

from datetime import date, datetime
from decimal import Decimal

from attrs import frozen

from alchemiser_alpaca.simulator.exchange.assets import Asset


@frozen(kw_only=True)
class AccountFlags:
    """What the account may do."""

    account_blocked: bool = False
    trading_blocked: bool = False
    transfers_blocked: bool = False
    trade_suspended_by_user: bool = False
    fractional_trading: bool = True
    shorting_enabled: bool = False


@frozen(kw_only=True)
class AccountView:
    """Balances in US dollars, in whole cents."""

    id: str
    account_number: str
    created_at: datetime
    cash: Decimal
    equity: Decimal
    last_equity: Decimal
    """At the last close of the exchange."""
    buying_power: Decimal
    non_marginable_buying_power: Decimal
    long_market_value: Decimal
    initial_margin: Decimal
    maintenance_margin: Decimal
    multiplier: int
    flags: AccountFlags


@frozen(kw_only=True)
class PositionView:
    """A holding; shares, US dollars a share, and amounts in whole cents."""

    asset: Asset
    qty: Decimal
    qty_available: Decimal
    avg_entry_price: Decimal
    cost_basis: Decimal
    current_price: Decimal
    """The last trade."""
    lastday_price: Decimal
    """The close before the running session, or before the next one."""
    market_value: Decimal
    unrealized_pl: Decimal
    unrealized_plpc: Decimal
    """A fraction of the cost."""
    unrealized_intraday_pl: Decimal
    """Since that close, or since the purchase where it was later."""
    unrealized_intraday_plpc: Decimal
    change_today: Decimal
    """Of the price, a fraction."""


@frozen(kw_only=True)
class Activity:
    """One thing that moved cash or shares; the parts of a `FILL` are `None` in all others."""

    id: str
    """Sorts by time: `20260302093100123::` and a UUID."""
    kind: str
    """Alpaca's activity type: `FILL`, `CSD`, `CSW`, `DIV`, `INT`, `FEE`, `SPLIT`, `MA`."""
    at: datetime
    day: date
    """In New York."""
    symbol: str | None = None
    qty: Decimal | None = None
    """Of a fill its shares; of a dividend those it is paid on; of a split those that came."""
    net_amount: Decimal | None = None
    """Cash that it moved, in whole cents; `None` for a fill."""
    per_share_amount: Decimal | None = None
    description: str = ""
    price: Decimal | None = None
    side: str | None = None
    fill_type: str | None = None
    """`fill` or `partial_fill`."""
    order_id: str | None = None
    leaves_qty: Decimal | None = None
    cum_qty: Decimal | None = None
    order_status: str | None = None
