"""What is compared of each indicator, and how far two of them are apart."""

from math import isnan, nan

import pytest

from alchemiser_core.domain.measure import IndicatorKind, Measure
from alchemiser_core.services.indicator_check.scales import (
    Reading,
    Tolerances,
    comparable,
    difference,
    distance,
    unit,
)

WINDOWS = {
    IndicatorKind.CURRENT_PRICE: (),
    IndicatorKind.PPO: (12, 26),
    IndicatorKind.PPO_SIGNAL: (12, 26, 9),
}


def of(kind: str) -> Measure:
    return Measure(IndicatorKind(kind), WINDOWS.get(IndicatorKind(kind), (20,)))


@pytest.mark.parametrize(
    ("kind", "value", "compared"),
    [
        ("rsi", 71.5, 71.5),
        ("current-price", 110.0, 10.0),
        ("moving-average-price", 100.0, 10.0),
        ("exponential-moving-average-price", 88.0, 25.0),
        ("cumulative-return", 4.2, 4.2),
        ("moving-average-return", 0.1, 2.0),
        ("stdev-return", 1.3, 1.3),
        ("stdev-price", 5.5, 5.0),
        ("max-drawdown", 12.0, 12.0),
        ("percentage-price-oscillator", -0.4, -0.4),
        ("percentage-price-oscillator-signal", -0.3, -0.3),
    ],
)
def test_each_indicator_is_compared_without_the_level_of_its_prices(kind, value, compared):
    reading = Reading(value, close=110.0, previous=100.0)
    assert comparable(of(kind), reading) == pytest.approx(compared)


@pytest.mark.parametrize(
    ("kind", "one", "other", "apart"),
    [
        ("rsi", 70.0, 68.0, 2.0),
        ("moving-average-return", 0.1, 0.2, 2.0),
        ("moving-average-price", 100.0, 80.0, 20.0),
        ("stdev-return", 1.0, 2.0, 50.0),
        ("cumulative-return", 1.0, -1.0, 2.0),
    ],
)
def test_distances_are_in_the_unit_of_the_tolerance(kind, one, other, apart):
    assert distance(of(kind), one, other) == pytest.approx(apart)


def test_deviations_differ_relative_to_the_larger_and_none_divides_by_zero():
    assert difference(of("stdev-return"), 1.0, 2.0) == pytest.approx(50.0)
    assert difference(of("stdev-return"), 2.0, 1.0) == pytest.approx(-50.0)
    assert difference(of("stdev-return"), 0.0, 0.0) == 0.0
    assert difference(of("rsi"), 70.0, 68.5) == -1.5


def test_an_average_of_nothing_and_a_missing_close_compare_as_nothing():
    assert isnan(comparable(of("moving-average-price"), Reading(0.0, 1.0, 1.0)))
    assert isnan(comparable(of("current-price"), Reading(1.0, 1.0, nan)))


def test_every_kind_has_a_tolerance_and_a_unit():
    own = Tolerances(1.0, 2.0, 3.0, 4.0, 5.0)
    found = {kind.value: own.of(of(kind.value)) for kind in IndicatorKind}
    assert found == {
        "current-price": 2.0,
        "moving-average-price": 2.0,
        "exponential-moving-average-price": 2.0,
        "rsi": 1.0,
        "cumulative-return": 3.0,
        "moving-average-return": 3.0,
        "stdev-return": 4.0,
        "stdev-price": 4.0,
        "max-drawdown": 3.0,
        "percentage-price-oscillator": 5.0,
        "percentage-price-oscillator-signal": 5.0,
    }
    assert all(unit(of(kind.value)) for kind in IndicatorKind)


@pytest.mark.parametrize(
    ("kind", "move", "times"),
    [
        ("rsi", 1.0, 1.0),
        ("rsi", 0.5, 1.0),
        ("rsi", 0.05, 10.0),
        ("stdev-return", 0.05, 10.0),
        ("stdev-price", 0.25, 2.0),
        ("cumulative-return", 0.05, 1.0),
        ("current-price", 0.05, 1.0),
        ("rsi", 0.0, 1.0),
        ("rsi", nan, 1.0),
    ],
)
def test_what_is_made_of_moves_has_more_room_where_there_are_hardly_any(kind, move, times):
    own = Tolerances()
    assert own.for_moves(of(kind), move) == pytest.approx(times * own.of(of(kind)))
