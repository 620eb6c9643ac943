"""What the stand-in answers to a question about one symbol, path by path."""

from collections.abc import Callable, Mapping, Sequence

from attrs import frozen

from alchemiser_twelvedata.stand_in import wire
from alchemiser_twelvedata.stand_in.averages import FORMULAS
from alchemiser_twelvedata.stand_in.prices import Bar
from alchemiser_twelvedata.stand_in.series import BadParameterError, cut_of, known_at
from alchemiser_twelvedata.stand_in.state import StandIn
from alchemiser_twelvedata.stand_in.wire import Decimals, Json

_YEAR = 252


@frozen(eq=False)
class Question:
    """A question about one symbol, of which there are bars."""

    symbol: str
    bars: Sequence[Bar]
    """Those that are there now, in order of time; at least one."""
    parameters: Mapping[str, str]
    stand_in: StandIn

    @property
    def decimals(self) -> Decimals:
        """How numbers are told."""
        return Decimals(self.parameters, self.stand_in.quirks)


def answer(path: str, symbol: str, parameters: Mapping[str, str], stand_in: StandIn) -> Json:
    """The answer for one symbol, which may be an error."""
    quirks = stand_in.quirks
    if symbol in quirks.beyond_plan:
        return wire.not_in_plan(symbol)
    told = stand_in.bars_of(parameters.get("adjust", "splits"))
    bars = known_at(told.get(symbol, ()), stand_in.clock.now(), quirks)
    if not bars:
        return wire.not_found(symbol, quirks.unknown_code)
    try:
        return PATHS[path](Question(symbol, bars, parameters, stand_in))
    except BadParameterError as error:
        return wire.error(400, str(error))


def _time_series(question: Question) -> Json:
    cut = cut_of(question.parameters)
    places = cut.of([bar.day for bar in question.bars], question.stand_in.quirks)
    values = [wire.value(question.bars[place], question.decimals) for place in places]
    return _listed(question, wire.meta(question.symbol, question.stand_in.quirks), values)


def _indicator(question: Question) -> Json:
    name = question.parameters["indicator"]
    title, formula = FORMULAS[name]
    period = question.parameters.get("time_period", "9")
    if not period.isdigit() or not 1 <= int(period) <= 800:
        raise BadParameterError("Invalid **time_period** provided. It is from 1 to 800")
    computed = formula([bar.close for bar in question.bars], int(period))
    known = [
        (bar.day, each)
        for bar, each in zip(question.bars, computed, strict=True)
        if each is not None
    ]
    cut = cut_of(question.parameters)
    values = [
        {"datetime": known[place][0].isoformat(), name: question.decimals.text(known[place][1])}
        for place in cut.of([day for day, _ in known], question.stand_in.quirks)
    ]
    told = {"name": title, "series_type": "close", "time_period": int(period)}
    meta = wire.meta(question.symbol, question.stand_in.quirks)
    return _listed(question, {**meta, "indicator": told}, values)


def _listed(question: Question, meta: Json, values: list[Json]) -> Json:
    if not values and not question.stand_in.quirks.empty_is_no_error:
        return wire.no_data()
    return {"meta": meta, "values": values, "status": "ok"}


def _price(question: Question) -> Json:
    return {"price": question.decimals.text(question.bars[-1].close)}


def _quote(question: Question) -> Json:
    last, text = question.bars[-1], question.decimals.text
    before = question.bars[-2] if len(question.bars) > 1 else last
    year = question.bars[-_YEAR:]
    change = last.close - before.close
    told = wire.meta(question.symbol, question.stand_in.quirks)
    now = question.stand_in.clock.now()
    return {
        "symbol": question.symbol,
        "name": question.symbol,
        **{name: told[name] for name in ("exchange", "mic_code", "currency")},
        **wire.value(last, question.decimals),
        "timestamp": int(now.timestamp()),
        "previous_close": text(before.close),
        "change": text(change),
        "percent_change": text(100 * change / before.close),
        "average_volume": f"{sum(bar.volume for bar in year) / len(year):.0f}",
        "is_market_open": False,
        "fifty_two_week": {
            "low": text(min(bar.low for bar in year)),
            "high": text(max(bar.high for bar in year)),
        },
    }


PATHS: Mapping[str, Callable[[Question], Json]] = {
    "/time_series": _time_series,
    "/price": _price,
    "/quote": _quote,
    **{f"/{name}": _indicator for name in FORMULAS},
}
"""What can be asked about symbols."""
