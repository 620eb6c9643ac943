"""Where everything is: the vendor's servers, or all of them on one server of this machine."""

from urllib.parse import urlsplit

from attrs import frozen

from alchemiser_alpaca.settings import (
    DATA,
    LIVE,
    PAPER,
    STREAM,
    AlpacaBrokerSettings,
    AlpacaDataSettings,
    Tape,
)
from alchemiser_core.config import is_loopback_host

_STREAM_SCHEMES = {"https": "wss", "http": "ws"}


@frozen
class Addresses:
    """The servers of an account, without a slash at the end."""

    trading: str
    data: str
    trading_stream: str
    data_stream: str

    @property
    def is_live(self) -> bool:
        """Whether orders move real money."""
        return urlsplit(self.trading).hostname == LIVE

    @property
    def is_local(self) -> bool:
        """Whether the account is one of a server on this machine."""
        return is_local(self.trading)


def is_local(url: str) -> bool:
    """Whether a server is on this machine."""
    place = urlsplit(url)
    host = place.hostname or ""
    return is_loopback_host(f"[{host}]" if ":" in host else host)


def broker_addresses(settings: AlpacaBrokerSettings) -> Addresses:
    """The addresses of the broker; those that are not set follow from `trading_url`."""
    trading = settings.trading_url.rstrip("/")
    local = is_local(trading)
    data_stream = f"{_stream(trading)}/v2/{settings.feed}" if local else _vendors(settings.feed)
    return Addresses(
        trading=trading,
        data=(settings.data_url or (trading if local else f"https://{DATA}")).rstrip("/"),
        trading_stream=settings.trading_stream_url or f"{_stream(trading)}/stream",
        data_stream=settings.data_stream_url or data_stream,
    )


def feed_addresses(settings: AlpacaDataSettings) -> tuple[str, str]:
    """The trading and the data server of the feed; one that is not set follows from the other,
    where that is on this machine.
    """
    trading, data = settings.trading_url, settings.data_url
    if trading is None:
        trading = data if data is not None and is_local(data) else f"https://{PAPER}"
    if data is None:
        data = trading if is_local(trading) else f"https://{DATA}"
    return trading.rstrip("/"), data.rstrip("/")


def _stream(url: str) -> str:
    scheme, rest = url.split("://", 1)
    return f"{_STREAM_SCHEMES[scheme]}://{rest}"


def _vendors(tape: Tape) -> str:
    return f"wss://{STREAM}/v2/{tape}"
