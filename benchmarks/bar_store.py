"""How fast bars come from a bar store, against the least there can be, and against CSV files.

    python benchmarks/bar_store.py

`.npy by hand` is one numpy file a symbol with days and closes, laid out along SPY's days with no
check of anything: what the disk and the copying cost. The feed does the same from Parquet, with
checksums and everything that a `BarHistory` promises. `files` reads the same bars from CSV. All in
one process, best of five, files in the page cache; ratios are to the store. TMPDIR says where the
files are made.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from alchemiser_app.bar_store.choosing import feed_of
from alchemiser_app.bar_store.exporting import Export, FileFormat
from alchemiser_app.bar_store.series import StoredSeries
from alchemiser_app.bar_store.store import BarStore, create_store
from alchemiser_app.bar_store.syncing.standing import standing_of
from alchemiser_app.feeds.files import FilesFeed
from alchemiser_core.domain.bars import PriceBasis, Prices, Sessions
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.market_data import BarRequest, MarketData

SESSIONS = 5_000
SYMBOLS = 3_000
FEW = 100
DAYS: Sessions = np.busday_offset(np.datetime64("2005-01-03", "D"), np.arange(SESSIONS))


def walk(number: int) -> StoredSeries:
    """A symbol's bars of all sessions."""
    draws = np.random.default_rng(number)
    close = 100.0 * np.exp(np.cumsum(draws.normal(0.0, 0.01, SESSIONS)))
    return StoredSeries(
        symbol=Symbol("SPY" if number == 0 else f"S{number}"),
        days=DAYS,
        close=close,
        open=close,
        high=close * 1.01,
        low=close * 0.99,
        volume=np.full(SESSIONS, 1e6),
        basis=PriceBasis.ADJUSTED,
        source="a benchmark",
        synthetic=False,
    )


def best(work: Callable[[], object], tries: int = 5) -> float:
    """Seconds of the quickest try."""
    found = float("inf")
    for _ in range(tries):
        started = time.perf_counter()
        work()
        found = min(found, time.perf_counter() - started)
    return found


def by_hand(folder: Path, symbols: Sequence[Symbol]) -> Prices:
    """Closes from .npy files, one column a symbol."""
    closes = np.full((SESSIONS, len(symbols)), np.nan, order="F")
    for column, symbol in enumerate(symbols):
        days, values = np.load(folder / f"{symbol}.npy")
        rows = np.searchsorted(DAYS.astype(np.int64), days)
        closes[rows.astype(np.intp), column] = values
    return closes


def filled(folder: Path) -> tuple[BarStore, tuple[Symbol, ...]]:
    """A store of walks, the same as .npy files, and the first few as CSV."""
    store = create_store(folder / "store").unwrap()
    for name in ("npy", "csv"):
        (folder / name).mkdir()
    export = Export(store, PriceBasis.ADJUSTED, folder / "csv", FileFormat.CSV)
    spent, symbols = 0.0, []
    for number in range(SYMBOLS):
        series = walk(number)
        spent += best(lambda: store.put(series).unwrap(), tries=1)  # noqa: B023
        np.save(folder / "npy" / series.symbol, np.stack((series.days.astype(float), series.close)))
        if number < FEW:
            export.write(series.symbol).unwrap()
        symbols.append(series.symbol)
    print(f"{'put, on the disk when it returns':44}{spent / SYMBOLS * 1000:10.2f} ms a symbol")
    return store, tuple(symbols)


def line(name: str, seconds: float, reference: float) -> None:
    """Print one measurement."""
    print(f"{name:44}{seconds * 1000:10,.0f} ms   x{seconds / reference:.2f}")


def asking(feed: MarketData, request: BarRequest) -> Callable[[], object]:
    """The work of one request."""
    return lambda: feed.bars(request).unwrap()


def measure(folder: Path) -> None:
    """Print everything."""
    store, symbols = filled(folder)
    feed, files = feed_of(store.folder, None).unwrap(), FilesFeed(folder / "csv")
    few = symbols[:FEW]
    reference = best(asking(feed, BarRequest(few)))
    line(f"store, {FEW} symbols, closes", reference, reference)
    line(f".npy by hand, {FEW} symbols", best(lambda: by_hand(folder / "npy", few)), reference)
    line(f"files (CSV), {FEW} symbols, closes", best(asking(files, BarRequest(few))), reference)
    line(
        f"store, {FEW} symbols, full bars",
        best(asking(feed, BarRequest(few, closes_only=False))),
        reference,
    )
    recent = BarRequest(few, start=DAYS[-400].item())
    line(f"store, {FEW} symbols, last 400 sessions", best(asking(feed, recent)), reference)
    many = best(asking(feed, BarRequest(symbols)), tries=3)
    line(f"store, {SYMBOLS:,} symbols, closes", many, many)
    line(f".npy by hand, {SYMBOLS:,} symbols", best(lambda: by_hand(folder / "npy", symbols)), many)
    line("labels of all", best(lambda: standing_of(store, symbols, feed.basis).unwrap()), many)
    line("verify, each file whole", best(store.verify, tries=1), many)


def main() -> int:
    """Measure in a folder of its own, which is removed."""
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
