"""The vendor's JSON: numbers are texts, errors have a code, a message and a status."""

from collections.abc import Mapping
from typing import Any

from alchemiser_twelvedata.stand_in.prices import Bar
from alchemiser_twelvedata.stand_in.quirks import Quirks

Json = dict[str, Any]

_USUAL_DECIMALS = 5
_MOST_DECIMALS = 11


class Decimals:
    """How many decimals the numbers of an answer have."""

    def __init__(self, parameters: Mapping[str, str], quirks: Quirks) -> None:
        asked = parameters.get("dp", "")
        wanted = int(asked) if asked.isdigit() else _USUAL_DECIMALS
        self._most = quirks.most_decimals
        self._shown = min(wanted, _MOST_DECIMALS)

    def text(self, value: float) -> str:
        """A number as it is told."""
        rounded = value if self._most is None else round(value, self._most)
        return f"{rounded:.{self._shown}f}"


def error(code: int, message: str) -> Json:
    """An error."""
    return {"code": code, "message": message, "status": "error"}


def not_found(symbol: str, code: int) -> Json:
    """The error of a symbol that is not known."""
    words = f"**symbol** not found: {symbol}. Please specify it correctly."
    return error(code, words)


def no_data() -> Json:
    """The error of a range without bars."""
    dates = "No data is available on the specified dates. Try setting different start/end dates."
    return error(400, dates)


def not_in_plan(symbol: str) -> Json:
    """The error of a symbol that costs more."""
    return error(403, f"{symbol} is available starting with the Grow plan. Consider upgrading.")


def out_of_credits(used: int, limit: int, span: str) -> Json:
    """The error of too many requests in a minute or a day."""
    words = f"You have run out of API credits for {span}. {used} API credits were used, "
    return error(429, f"{words}with the current limit being {limit}. Wait for the next one.")


def wrong_key() -> Json:
    """The error of a key that is missing or not accepted."""
    return error(401, "**apikey** parameter is incorrect or not specified.")


def meta(symbol: str, quirks: Quirks) -> Json:
    """What an answer says it is of."""
    place = {
        "currency": "USD",
        "exchange_timezone": "America/New_York",
        "exchange": "NASDAQ",
        "mic_code": "XNGS",
    }
    if symbol in quirks.abroad:
        place = {
            "currency": "GBp",
            "exchange_timezone": "Europe/London",
            "exchange": "LSE",
            "mic_code": "XLON",
        }
    return {"symbol": symbol, "interval": "1day", **place, "type": "Common Stock"}


def value(bar: Bar, decimals: Decimals) -> Json:
    """A bar."""
    prices = {name: decimals.text(getattr(bar, name)) for name in ("open", "high", "low", "close")}
    return {"datetime": bar.day.isoformat(), **prices, "volume": f"{bar.volume:.0f}"}
