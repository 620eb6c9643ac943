"""The account, its positions and its activities, as the API tells them."""

from decimal import Decimal
from typing import Any

from alchemiser_alpaca.simulator.exchange.account import AccountView, Activity, PositionView
from alchemiser_alpaca.simulator.wire.numbers import dollars, plain, plain_or_none, ratio
from alchemiser_alpaca.simulator.wire.orders import ASSET_CLASS
from alchemiser_alpaca.simulator.wire.times import stamp

_NOTHING = Decimal(0)


def account_json(account: AccountView) -> dict[str, Any]:
    """Balances as text with two decimals, without what ended with the rules of day trading."""
    cash, equity = dollars(account.cash), dollars(account.equity)
    power = dollars(account.buying_power)
    flags = account.flags
    return {
        "id": account.id,
        "account_number": account.account_number,
        "status": "ACTIVE",
        "crypto_status": "INACTIVE",
        "currency": "USD",
        "cash": cash,
        "equity": equity,
        "last_equity": dollars(account.last_equity),
        "buying_power": power,
        "regt_buying_power": power,
        "effective_buying_power": power,
        "non_marginable_buying_power": dollars(account.non_marginable_buying_power),
        "long_market_value": dollars(account.long_market_value),
        "short_market_value": "0",
        "portfolio_value": equity,
        "multiplier": str(account.multiplier),
        "initial_margin": dollars(account.initial_margin),
        "maintenance_margin": dollars(account.maintenance_margin),
        "last_maintenance_margin": dollars(account.maintenance_margin),
        "accrued_fees": "0",
        "sma": "0",
        "trading_blocked": flags.trading_blocked,
        "transfers_blocked": flags.transfers_blocked,
        "account_blocked": flags.account_blocked,
        "trade_suspended_by_user": flags.trade_suspended_by_user,
        "shorting_enabled": flags.shorting_enabled,
        "created_at": stamp(account.created_at),
    }


def position_json(position: PositionView) -> dict[str, Any]:
    """A holding, with what it gained since it was bought and since the last close."""
    asset = position.asset
    return {
        "asset_id": asset.id,
        "symbol": asset.symbol,
        "exchange": asset.exchange,
        "asset_class": ASSET_CLASS,
        "asset_marginable": asset.marginable,
        "qty": plain(position.qty),
        "qty_available": plain(position.qty_available),
        "side": "long",
        "avg_entry_price": plain(position.avg_entry_price),
        "cost_basis": dollars(position.cost_basis),
        "market_value": dollars(position.market_value),
        "unrealized_pl": dollars(position.unrealized_pl),
        "unrealized_plpc": ratio(position.unrealized_plpc),
        "unrealized_intraday_pl": dollars(position.unrealized_intraday_pl),
        "unrealized_intraday_plpc": ratio(position.unrealized_intraday_plpc),
        "current_price": plain(position.current_price),
        "lastday_price": plain(position.lastday_price),
        "change_today": ratio(position.change_today),
    }


def activity_json(activity: Activity) -> dict[str, Any]:
    """A fill, or anything else that moved cash or shares."""
    if activity.kind == "FILL":
        return _fill_json(activity)
    told: dict[str, Any] = {
        "id": activity.id,
        "activity_type": activity.kind,
        "date": activity.day.isoformat(),
        "net_amount": dollars(activity.net_amount or _NOTHING),
        "description": activity.description,
        "status": "executed",
    }
    more = {
        "symbol": activity.symbol,
        "qty": plain_or_none(activity.qty),
        "per_share_amount": plain_or_none(activity.per_share_amount),
    }
    return told | {name: value for name, value in more.items() if value is not None}


def _fill_json(activity: Activity) -> dict[str, Any]:
    return {
        "id": activity.id,
        "activity_type": "FILL",
        "transaction_time": stamp(activity.at),
        "type": activity.fill_type,
        "price": plain_or_none(activity.price),
        "qty": plain_or_none(activity.qty),
        "side": activity.side,
        "symbol": activity.symbol,
        "leaves_qty": plain_or_none(activity.leaves_qty),
        "order_id": activity.order_id,
        "cum_qty": plain_or_none(activity.cum_qty),
        "order_status": activity.order_status,
    }
