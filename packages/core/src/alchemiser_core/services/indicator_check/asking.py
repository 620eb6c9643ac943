"""Asks the second vendor: bars of the symbols in portions, then its own indicators one by one.

It is left alone as soon as it gives no bars; what was had before that counts.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from math import isfinite

from attrs import frozen
from returns.result import Failure

from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.reasons import Measured
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.indicators.requirement import windows_of
from alchemiser_core.plugins.contained_bars import contained_bars, contained_read
from alchemiser_core.ports.indicator_source import IndicatorQuestion, IndicatorSource
from alchemiser_core.ports.market_data import BarRequest, InPortions, MarketData
from alchemiser_core.services.indicator_check.questions import Questions


@frozen(eq=False)
class Answers:
    """What the second vendor said."""

    histories: tuple[BarHistory, ...]
    """One for each portion, its symbols as columns."""
    own: dict[Measured, float]
    """The indicators that it computes itself, in their units."""
    found: tuple[Problem, ...]
    """Why it did not say more."""


def ask(vendor: MarketData, asked: Questions, start: date, as_of: date) -> Answers:
    """Ask everything, in the order of the questions."""
    histories: list[BarHistory] = []
    for part in _portions(vendor, asked.bars):
        bars = contained_bars(vendor, BarRequest(part, start, as_of))
        if isinstance(bars, Failure):
            return Answers(tuple(histories), {}, bars.failure().problems())
        histories.append(bars.unwrap())
    if not isinstance(vendor, IndicatorSource):
        return Answers(tuple(histories), {}, ())
    own, found = _own(vendor, asked.own, as_of)
    return Answers(tuple(histories), own, found)


def _portions(vendor: MarketData, symbols: Sequence[Symbol]) -> Iterator[Sequence[Symbol]]:
    size = vendor.symbols_at_once if isinstance(vendor, InPortions) else len(symbols)
    for begin in range(0, len(symbols), max(1, size)):
        yield symbols[begin : begin + max(1, size)]


def _own(
    source: IndicatorSource, asked: Sequence[Measured], as_of: date
) -> tuple[dict[Measured, float], tuple[Problem, ...]]:
    own: dict[Measured, float] = {}
    found: list[Problem] = []
    for each in asked:
        (window,) = windows_of(each.measure)
        question = IndicatorQuestion(each.measure.kind, window, each.symbol, as_of)
        value = contained_read(source.name, partial(source.indicator, question), _is_number)
        if isinstance(value, Failure):
            found.extend(value.failure().problems())
        else:
            own[each] = value.unwrap()
    return own, tuple(found)


def _is_number(answer: object) -> bool:
    return isinstance(answer, float) and isfinite(answer)
