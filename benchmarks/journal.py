"""How fast the order journal is: appends that are on the disk when they return, and opening.

    python benchmarks/journal.py

An event is a broker's report on an order, as most entries are. "bare SQLite" is the least there
can be: the same row, in the same durable way, with no journal around it. The file is written where
temporary files are; set TMPDIR to measure another disk. PostgreSQL is measured where it is
installed, on a private server with its defaults. Wall time, because waiting for the disk counts.
"""

import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from alchemiser_app.journal.opening import open_journal
from alchemiser_core.domain.journal.codec import encode
from alchemiser_core.domain.journal.events import OrderReported
from alchemiser_core.domain.money import usd
from alchemiser_core.domain.orders.identifiers import CycleKey, Side
from alchemiser_core.domain.orders.report import OrderReport, OrderStatus
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.order_journal import OrderJournal
from alchemiser_core.testing.journal import InMemoryJournal

SCRIPTS = Path(__file__).resolve().parents[1] / "scripts"
AT = datetime(2024, 7, 12, 19, 45, tzinfo=UTC)
EVENT = OrderReported(
    OrderReport(
        client_order_id=CycleKey("mine", "PA1", date(2024, 7, 12)).order_id(
            Symbol("SPY"), Side.BUY
        ),
        broker_order_id="904837e3-3b76-47ec-b432-046db621571b",
        symbol=Symbol("SPY"),
        side=Side.BUY,
        quantity=Decimal("18.734512"),
        status=OrderStatus.OPEN,
        filled_quantity=Decimal("12.5"),
        filled_value=usd("6934.1250"),
        costs=usd("0.01"),
    )
)
LONG = 100_000
"""Entries of a journal of several years."""


def rate(name: str, work: Callable[[], object], repeats: int, events: int = 1) -> None:
    """Print how often work can be done in a second; the best of three tries."""
    best = float("inf")
    for _ in range(3):
        started = time.perf_counter()
        for _ in range(repeats):
            work()
        best = min(best, time.perf_counter() - started)
    each = best / repeats
    print(f"{name:44}{1 / each:10,.0f} appends/s {events / each:10,.0f} events/s")


def duration(name: str, work: Callable[[], object]) -> None:
    """Print how long work takes; the best of three tries."""
    best = float("inf")
    for _ in range(3):
        started = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - started)
    print(f"{name:44}{best * 1000:10,.0f} ms")


def appending(journal: OrderJournal, events: int) -> Callable[[], object]:
    """The work of one append."""
    return lambda: journal.append([EVENT] * events, AT).unwrap()


@contextmanager
def bare(folder: Path) -> Iterator[Callable[[], object]]:
    """The work of writing one row durably, with nothing else."""
    database = sqlite3.connect(folder / "bare.db", isolation_level=None)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    database.execute("CREATE TABLE records (number INTEGER PRIMARY KEY, body TEXT)")
    body = encode(EVENT) + "0" * 170

    def work() -> None:
        database.execute("BEGIN IMMEDIATE")
        database.execute("INSERT INTO records (body) VALUES (?)", (body,))
        database.execute("COMMIT")

    yield work
    database.close()


def appends(folder: Path) -> None:
    """Appends in memory, in a file, and the least that a file costs."""
    rate("in memory, one event", appending(InMemoryJournal(), 1), 2_000)
    with bare(folder) as work:
        rate("bare SQLite, one row", work, 1_000)
    with open_journal(str(folder / "journal.db"), create=True).unwrap() as journal:
        rate("SQLite, one event", appending(journal, 1), 1_000)
        rate("SQLite, ten events at once", appending(journal, 10), 300, 10)


def server_appends() -> None:
    """Appends on a PostgreSQL server, where there can be one."""
    sys.path.insert(0, str(SCRIPTS))
    from private_postgresql import NoServerError, private_server

    try:
        with (
            private_server() as server,
            open_journal(server.url(), create=True).unwrap() as journal,
        ):
            rate("PostgreSQL, one event", appending(journal, 1), 300)
            rate("PostgreSQL, ten events at once", appending(journal, 10), 100, 10)
    except NoServerError as error:
        print(f"PostgreSQL is left out: {error}")


def opening(folder: Path) -> None:
    """Opening and reading a long journal."""
    path = str(folder / "long.db")
    with open_journal(path, create=True).unwrap() as journal:
        for _ in range(LONG // 1_000):
            journal.append([EVENT] * 1_000, AT).unwrap()
    size = Path(path).stat().st_size / 2**20
    print(f"a journal of {LONG:,} entries has {size:,.0f} MB")
    duration("open to write, everything checked", lambda: open_journal(path).unwrap().close())
    with open_journal(path).unwrap() as journal:
        duration("read all of it as events", lambda: journal.entries().unwrap())
        duration("read the last ten", lambda: journal.entries(LONG - 10).unwrap())


def main() -> None:
    """All tables."""
    with tempfile.TemporaryDirectory() as name:
        appends(Path(name))
        server_appends()
        opening(Path(name))


if __name__ == "__main__":
    main()
