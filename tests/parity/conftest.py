"""Makes the oracles of this folder and the seeded symphony importable by its tests."""

import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "benchmarks")]

from real_bars import REAL_BARS, read_real  # noqa: E402


@pytest.fixture(scope="session")
def real_bars():
    """A function from symbols to their real history."""
    if not REAL_BARS.is_dir():
        pytest.skip(f"no real bars at {REAL_BARS}")
    return read_real
