"""Settings of the Alpaca adapter. Keys are no settings: they are secrets."""

from enum import StrEnum

from attrs import field, frozen

from alchemiser_core.config import doc, endpoint

PAPER = "paper-api.alpaca.markets"
LIVE = "api.alpaca.markets"
DATA = "data.alpaca.markets"


class Tape(StrEnum):
    """Whose trades Alpaca's bars are made of."""

    SIP = "sip"
    """All exchanges; on the free plan all but the last 15 minutes."""
    IEX = "iex"
    """One exchange, a small part of the volume."""
    OTC = "otc"
    BOATS = "boats"


class Adjustment(StrEnum):
    """What Alpaca corrects past prices for."""

    ALL = "all"
    """Splits, dividends and spin-offs: returns are total returns."""
    SPLIT = "split"
    DIVIDEND = "dividend"
    SPIN_OFF = "spin-off"
    RAW = "raw"


@frozen(kw_only=True)
class AlpacaBrokerSettings:
    """Settings of the broker."""

    trading_url: str = field(
        default=f"https://{PAPER}",
        validator=endpoint(PAPER, LIVE),
        metadata=doc("Server of the trading API; the paper account's unless told otherwise."),
    )


@frozen(kw_only=True)
class AlpacaDataSettings:
    """Settings of the data feed."""

    data_url: str = field(
        default=f"https://{DATA}",
        validator=endpoint(DATA),
        metadata=doc("Server of the market-data API."),
    )
    feed: Tape = field(default=Tape.SIP, metadata=doc("Whose trades the bars are made of."))
    adjustment: Adjustment = field(
        default=Adjustment.ALL, metadata=doc("What past prices are corrected for.")
    )
