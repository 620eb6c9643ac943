"""How many bars each indicator needs."""

import pytest

from alchemiser_core.domain.measure import IndicatorKind as Kind
from alchemiser_core.domain.measure import Measure, Parameter
from alchemiser_core.indicators import bars_needed


@pytest.mark.parametrize(
    ("kind", "windows", "bars"),
    [
        (Kind.CURRENT_PRICE, (), 1),
        (Kind.MOVING_AVERAGE_PRICE, (200,), 200),
        (Kind.EXPONENTIAL_MOVING_AVERAGE_PRICE, (20,), 20),
        (Kind.RSI, (10,), 11),
        (Kind.CUMULATIVE_RETURN, (60,), 61),
        (Kind.MOVING_AVERAGE_RETURN, (60,), 61),
        (Kind.STDEV_RETURN, (20,), 21),
        (Kind.STDEV_PRICE, (20,), 20),
        (Kind.MAX_DRAWDOWN, (60,), 60),
        (Kind.PPO, (12, 26), 26),
        (Kind.PPO, (26, 12), 26),
        (Kind.PPO_SIGNAL, (12, 26, 9), 34),
    ],
)
def test_bars_needed_follow_the_notation(kind: Kind, windows: tuple[int, ...], bars: int) -> None:
    assert bars_needed(Measure(kind, windows)) == bars


@pytest.mark.parametrize("window", [Parameter("days"), 0, -1])
def test_a_window_that_is_no_positive_number_is_a_programming_error(window: object) -> None:
    with pytest.raises(ValueError, match="not plain positive whole numbers"):
        bars_needed(Measure(Kind.RSI, (window,)))  # type: ignore[arg-type]


def test_a_wrong_number_of_windows_is_a_programming_error() -> None:
    with pytest.raises(ValueError, match="values to unpack"):
        bars_needed(Measure(Kind.PPO, (12,)))
