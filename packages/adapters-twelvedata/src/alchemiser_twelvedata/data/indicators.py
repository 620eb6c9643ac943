"""Indicators that the vendor computes itself, one value a credit."""

from datetime import timedelta

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_core.domain.measure import IndicatorKind
from alchemiser_core.ports.indicator_source import IndicatorQuestion
from alchemiser_twelvedata.connection.connection import Connection
from alchemiser_twelvedata.connection.failures import CallFailure, Json, NoData, Unreadable
from alchemiser_twelvedata.data.instruments import INTERVAL, askable, other_instrument
from alchemiser_twelvedata.reading import (
    Record,
    UnreadableError,
    day,
    number,
    record,
    rows,
    text,
    whole_number,
)
from alchemiser_twelvedata.settings import Adjust

NAMES = {
    IndicatorKind.RSI: "rsi",
    IndicatorKind.MOVING_AVERAGE_PRICE: "sma",
    IndicatorKind.EXPONENTIAL_MOVING_AVERAGE_PRICE: "ema",
}
"""How the vendor calls the indicators that it computes as we do."""

_SERIES = "close"
_ROWS = 5
"""Values asked for: whether the end itself is counted in is not certain, so it is asked beyond."""
_LARGEST_RSI = 100.0


@frozen(eq=False)
class Indicators:
    """Values over a connection."""

    connection: Connection
    adjust: Adjust | None
    """`None`: the vendor adjusts as it does where nothing is said."""

    def value(self, question: IndicatorQuestion) -> Result[float, CallFailure]:
        """The value as of the close of a session."""
        if question.kind not in NAMES:
            return Failure(NoData(f"{question.kind} is not computed by the vendor"))
        if not askable([question.symbol]):
            return Failure(NoData(f"{question.symbol} is no symbol of the vendor's"))
        path = f"/{NAMES[question.kind]}"
        answer = self.connection.paid(path, self._parameters(question))
        if isinstance(answer, Failure):
            return Failure(answer.failure())
        try:
            return _value(answer.unwrap(), question)
        except UnreadableError as error:
            return Failure(Unreadable(str(error)))

    def _parameters(self, question: IndicatorQuestion) -> dict[str, str]:
        adjusted = {} if self.adjust is None else {"adjust": self.adjust.value}
        return {
            "symbol": question.symbol,
            "interval": INTERVAL,
            "time_period": str(question.window),
            "series_type": _SERIES,
            "outputsize": str(_ROWS),
            "order": "desc",
            "dp": "11",
            **adjusted,
            "end_date": (question.as_of + timedelta(days=1)).isoformat(),
        }


def _value(json: Json, question: IndicatorQuestion) -> Result[float, CallFailure]:
    whole = record(json, "the answer")
    source = record(whole.get(question.symbol, whole), "the answer")
    if source.get("status") != "ok":
        raise UnreadableError("the status is neither ok nor error")
    found = rows(source, "values")
    other = other_instrument(source, question.symbol) if found else None
    if other is not None:
        return Failure(other)
    if found:
        _check_indicator(source, question)
    name = NAMES[question.kind]
    values = {
        number(row, name)
        for row in (record(each, "a value") for each in found)
        if day(row, "datetime") == question.as_of
    }
    usable = [value for value in values if _is_possible(value, question.kind)]
    if len(values) > 1 or len(usable) != len(values):
        raise UnreadableError(f"{name} of {question.as_of} is no value that it can have")
    if not usable:
        return Failure(NoData(f"there is no value of {question.as_of}"))
    return Success(usable[0])


def _check_indicator(source: Record, question: IndicatorQuestion) -> None:
    """Raises `UnreadableError` where it is another indicator than the one asked for."""
    told = record(record(source.get("meta"), "meta").get("indicator"), "indicator")
    if whole_number(told, "time_period") != question.window:
        raise UnreadableError(f"the time period is not {question.window}")
    if text(told, "series_type") != _SERIES:
        raise UnreadableError(f"the indicator is not one of {_SERIES} prices")


def _is_possible(value: float, kind: IndicatorKind) -> bool:
    if kind is IndicatorKind.RSI:
        return 0.0 <= value <= _LARGEST_RSI
    return value > 0
