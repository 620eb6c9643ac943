"""On every real ticker the indicators agree with TA-Lib."""

import numpy as np
import pytest

from alchemiser_core.domain.continuity import price_runs
from alchemiser_core.domain.measure import IndicatorKind as Kind
from alchemiser_core.domain.measure import Measure
from alchemiser_core.indicators import compute

talib = pytest.importorskip("talib")
WINDOWS = (10, 14, 60, 200)


def alone(kind: Kind, window: int, closes: np.ndarray) -> np.ndarray:
    measure = Measure(kind, (window,))
    return compute({measure: [0]}, price_runs(closes[:, None]))[measure][0]


@pytest.mark.parametrize("window", [2, *WINDOWS])
def test_strength_agrees_wherever_there_was_a_change(
    real_closes: dict[str, np.ndarray], window: int
) -> None:
    for closes in real_closes.values():
        ours, theirs = alone(Kind.RSI, window, closes), talib.RSI(closes, window)
        still = np.maximum.accumulate(np.abs(np.diff(closes, prepend=closes[0]))) == 0
        assert (ours[still][window:] == 50).all()
        np.testing.assert_allclose(ours[~still], theirs[~still], rtol=0, atol=1e-9)


@pytest.mark.parametrize("window", WINDOWS)
def test_mean_of_closes_agrees(real_closes: dict[str, np.ndarray], window: int) -> None:
    for closes in real_closes.values():
        ours = alone(Kind.MOVING_AVERAGE_PRICE, window, closes)
        np.testing.assert_allclose(ours, talib.SMA(closes, window), rtol=1e-9)


@pytest.mark.parametrize("window", WINDOWS)
def test_deviation_of_returns_agrees(real_closes: dict[str, np.ndarray], window: int) -> None:
    sample = np.sqrt(window / (window - 1))
    for closes in real_closes.values():
        ours = alone(Kind.STDEV_RETURN, window, closes)[1:]
        theirs = talib.STDDEV(closes[1:] / closes[:-1] - 1, window) * sample * 100
        np.testing.assert_allclose(ours, theirs, rtol=1e-9)


@pytest.mark.parametrize("window", WINDOWS)
def test_deviation_of_closes_agrees(real_closes: dict[str, np.ndarray], window: int) -> None:
    """TA-Lib subtracts squares of sums, so each window is given to it alone and centred."""
    chosen = np.random.default_rng(window)
    for closes in real_closes.values():
        ours = alone(Kind.STDEV_PRICE, window, closes)
        for end in chosen.integers(window, len(closes) + 1, 40).tolist():
            last = closes[end - window : end]
            theirs = talib.STDDEV(last / last.mean() - 1, window)[-1] * last.mean()
            expected = theirs * np.sqrt(window / (window - 1))
            np.testing.assert_allclose(ours[end - 1], expected, rtol=1e-9)
