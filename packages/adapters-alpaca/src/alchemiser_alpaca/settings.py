"""Settings of the Alpaca adapter. Keys are no settings: they are secrets."""

from decimal import Decimal
from enum import StrEnum

from attrs import field, frozen

from alchemiser_core.config import Check, doc, endpoint, must_be, stream_endpoint

PAPER = "paper-api.alpaca.markets"
LIVE = "api.alpaca.markets"
DATA = "data.alpaca.markets"
STREAM = "stream.data.alpaca.markets"


class Tape(StrEnum):
    """Whose trades Alpaca's bars and quotes are made of."""

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
    """Nothing; splits and dividends are told beside the prices."""


def _or_none(check: Check) -> Check:
    """The same check, where nothing at all is fine too."""
    return Check(check.rule, lambda value: None if value is None else check.complaint(value))


_TRADING = endpoint(PAPER, LIVE)
_DATA = _or_none(endpoint(DATA))
_TRADING_STREAM = _or_none(stream_endpoint(f"{PAPER}/stream", f"{LIVE}/stream"))
_DATA_STREAM = _or_none(stream_endpoint(*(f"{STREAM}/v2/{tape.value}" for tape in Tape)))
_SECONDS = must_be("from 0.1 to 60 seconds", lambda value: Decimal("0.1") <= value <= 60)
_REQUESTS = must_be("a whole number from 1 to 10000", lambda value: 1 <= value <= 10_000)

_FOLLOWS = " Where it is not set and trading_url is a server on this machine, that one."


@frozen(kw_only=True)
class AlpacaBrokerSettings:
    """Settings of the broker."""

    trading_url: str = field(
        default=f"https://{PAPER}",
        validator=_TRADING,
        metadata=doc("Server of the trading API; the paper account's unless told otherwise."),
    )
    data_url: str | None = field(
        default=None,
        validator=_DATA,
        metadata=doc("Server of the market-data API, for quotes." + _FOLLOWS),
    )
    trading_stream_url: str | None = field(
        default=None,
        validator=_TRADING_STREAM,
        metadata=doc("Stream of order updates; that of trading_url where it is not set."),
    )
    data_stream_url: str | None = field(
        default=None,
        validator=_DATA_STREAM,
        metadata=doc("Stream of quotes." + _FOLLOWS),
    )
    feed: Tape = field(
        default=Tape.IEX,
        metadata=doc("Whose quotes orders are priced by; `sip` needs a paid data plan."),
    )
    use_streams: bool = field(
        default=True,
        metadata=doc(
            "Whether order updates are listened to between two polls; they are hints, and a "
            "stream that fails costs nothing."
        ),
    )
    stream_quotes: bool = field(
        default=False,
        metadata=doc("Whether newer quotes of the stream stand in for polled ones."),
    )
    connect_seconds: Decimal = field(
        default=Decimal(5),
        validator=_SECONDS,
        metadata=doc("How long the server has to take a connection."),
    )
    read_seconds: Decimal = field(
        default=Decimal(10),
        validator=_SECONDS,
        metadata=doc("How long the server may be silent before a request counts as unanswered."),
    )
    requests_a_minute: int = field(
        default=200,
        validator=_REQUESTS,
        metadata=doc("Most requests sent to each server in any minute; your plan's limit."),
    )


@frozen(kw_only=True)
class AlpacaDataSettings:
    """Settings of the data feed."""

    data_url: str | None = field(
        default=None,
        validator=_DATA,
        metadata=doc("Server of the market-data API." + _FOLLOWS),
    )
    trading_url: str | None = field(
        default=None,
        validator=_or_none(_TRADING),
        metadata=doc(
            "Server of the trading API, whose clock says which session is completed: the paper "
            "account's where it is not set, or data_url where that is a server on this machine. "
            "Live keys need the live account's."
        ),
    )
    feed: Tape = field(
        default=Tape.SIP, metadata=doc("Whose trades the bars and quotes are made of.")
    )
    adjustment: Adjustment = field(
        default=Adjustment.ALL, metadata=doc("What past prices are corrected for.")
    )
    connect_seconds: Decimal = field(
        default=Decimal(5),
        validator=_SECONDS,
        metadata=doc("How long the server has to take a connection."),
    )
    read_seconds: Decimal = field(
        default=Decimal(20),
        validator=_SECONDS,
        metadata=doc("How long the server may be silent before a request counts as unanswered."),
    )
    requests_a_minute: int = field(
        default=200,
        validator=_REQUESTS,
        metadata=doc("Most requests sent to each server in any minute; your plan's limit."),
    )


@frozen(kw_only=True)
class AlpacaCalendarSettings:
    """Settings of the calendar."""

    trading_url: str = field(
        default=f"https://{PAPER}",
        validator=_TRADING,
        metadata=doc("Server of the trading API. Live keys need the live account's."),
    )
