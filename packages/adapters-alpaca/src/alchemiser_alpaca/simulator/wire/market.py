"""Bars, quotes and trades as the market-data API tells them: JSON numbers under short names."""

from typing import Any

from alchemiser_alpaca.simulator.exchange.market import MarketBar, Trade
from alchemiser_alpaca.simulator.wire.numbers import number
from alchemiser_alpaca.simulator.wire.times import stamp
from alchemiser_core.domain.quote import Quote

SIZE = 100
"""Shares of every made-up trade and quote."""
VENUE, TAPE = "V", "C"


def bar_json(bar: MarketBar) -> dict[str, Any]:
    """A bar."""
    return {
        "t": stamp(bar.at),
        "o": bar.open,
        "h": bar.high,
        "l": bar.low,
        "c": bar.close,
        "v": bar.volume,
        "n": bar.trades,
        "vw": bar.vwap,
    }


def quote_json(quote: Quote) -> dict[str, Any]:
    """Bid and ask; a price of 0 is none."""
    return {
        "t": stamp(quote.at),
        "ax": VENUE,
        "ap": number(quote.ask),
        "as": SIZE if quote.ask else 0,
        "bx": VENUE,
        "bp": number(quote.bid),
        "bs": SIZE if quote.bid else 0,
        "c": ["R"],
        "z": TAPE,
    }


def trade_json(trade: Trade) -> dict[str, Any]:
    """A trade; its number is the millisecond in which it was made."""
    return {
        "t": stamp(trade.at),
        "x": VENUE,
        "p": number(trade.price),
        "s": SIZE,
        "c": ["@"],
        "i": int(trade.at.timestamp() * 1000),
        "z": TAPE,
    }
