"""Writes a series over another one, and is killed on the way: once at each step of writing.

    python child_that_is_killed.py FOLDER

makes a store for each step in a folder of that name.
"""

import os
import sys
from pathlib import Path

import numpy as np

from alchemiser_app.bar_store import whole_files
from alchemiser_app.bar_store.series import COLUMNS, StoredSeries
from alchemiser_app.bar_store.store import create_store
from alchemiser_core.domain.bars import PriceBasis

STEPS = ("mkstemp", "fchmod", "fsync", "replace", "second-fsync")


def flat(price: float) -> StoredSeries:
    """A series of one price."""
    return StoredSeries(
        symbol="SPY",
        days=np.arange(100).astype("datetime64[D]"),
        basis=PriceBasis.ADJUSTED,
        source="a test",
        synthetic=False,
        **{name: np.full(100, price) for name in COLUMNS},
    )


def die_at(step: str) -> None:
    """End without a word where the step is reached, as a killed process does."""
    name = step.removeprefix("second-")
    place = whole_files.tempfile if name == "mkstemp" else whole_files.os
    real, calls = getattr(place, name), []

    def dying(*given, **named):
        calls.append(1)
        if len(calls) == 1 + step.startswith("second"):
            os._exit(9)
        return real(*given, **named)

    setattr(place, name, dying)


def main() -> None:
    for step in STEPS:
        store = create_store(Path(sys.argv[1]) / step).unwrap()
        store.put(flat(1.0)).unwrap()
        child = os.fork()
        if child == 0:
            die_at(step)
            store.put(flat(2.0)).unwrap()
            os._exit(1)
        _, status = os.waitpid(child, 0)
        assert os.WEXITSTATUS(status) == 9, step


if __name__ == "__main__":
    main()
