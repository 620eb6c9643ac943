"""What can be traded, and in which steps, from the vendor's assets."""

from alchemiser_alpaca.reading import Record, UnreadableError, flag, optional_text, text
from alchemiser_alpaca.symbols import symbol_of
from alchemiser_core.domain.instrument import NINE_DECIMALS, ONE_SHARE, Instrument
from alchemiser_core.domain.money import usd

LEAST_ORDER = usd(1)
"""US dollars; the vendor refuses smaller orders, by quantity too."""


def read_instrument(source: Record) -> Instrument:
    """One asset. Prices are in cents; only below one dollar would finer ones be taken."""
    symbol = symbol_of(text(source, "symbol"))
    if symbol is None:
        raise UnreadableError("symbol is none")
    fractionable = flag(source, "fractionable")
    return Instrument(
        symbol,
        quantity_increment=NINE_DECIMALS if fractionable else ONE_SHARE,
        fractionable=fractionable,
        tradable=flag(source, "tradable") and optional_text(source, "status") == "active",
        minimum_order_value=LEAST_ORDER,
    )
