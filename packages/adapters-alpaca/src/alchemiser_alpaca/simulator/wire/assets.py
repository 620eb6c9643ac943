"""A listed security as the API tells it."""

from typing import Any

from alchemiser_alpaca.simulator.exchange.assets import Asset
from alchemiser_alpaca.simulator.wire.orders import ASSET_CLASS


def asset_json(asset: Asset, tells_easy_to_borrow: bool) -> dict[str, Any]:
    """The asset; `easy_to_borrow` is announced to go away, and goes where it is not told."""
    told: dict[str, Any] = {
        "id": asset.id,
        "class": ASSET_CLASS,
        "exchange": asset.exchange,
        "symbol": asset.symbol,
        "name": asset.name,
        "status": asset.status,
        "tradable": asset.tradable,
        "marginable": asset.marginable,
        "shortable": asset.shortable,
        "borrow_status": "easy_to_borrow" if asset.easy_to_borrow else "hard_to_borrow",
        "fractionable": asset.fractionable,
        "maintenance_margin_requirement": 30,
        "margin_requirement_long": "30",
        "margin_requirement_short": "100",
        "attributes": ["fractional_eh_enabled"] if asset.fractionable else [],
    }
    if tells_easy_to_borrow:
        told["easy_to_borrow"] = asset.easy_to_borrow
    return told
