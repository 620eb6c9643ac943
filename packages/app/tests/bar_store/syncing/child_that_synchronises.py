"""Fills the store in a folder from a made-up vendor, two symbols at a time, until it is killed.

python child_that_synchronises.py FOLDER
"""

import sys
from pathlib import Path

from attrs import define, evolve
from returns.result import Success

from alchemiser_app.bar_store.store import create_store
from alchemiser_app.bar_store.syncing.source import Source
from alchemiser_app.bar_store.syncing.synchronise import SyncOrder, synchronise
from alchemiser_core.domain.bars import PriceBasis
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.testing.bars import wandering_history
from alchemiser_core.testing.market_data import InMemoryMarketData

SYMBOLS = tuple(Symbol(f"S{number:02}") for number in range(40))


@define
class ByTwo(InMemoryMarketData):
    """Two symbols a request."""

    symbols_at_once: int = 2


def main() -> None:
    store = create_store(Path(sys.argv[1])).unwrap()
    history = evolve(wandering_history(SYMBOLS, 500), basis=PriceBasis.ADJUSTED, synthetic=False)
    order = SyncOrder(
        store=store,
        source=Source(ByTwo(history, name="vendor")),
        wanted=lambda _: Success(SYMBOLS),
        through=history.session(499),
        settled=history.session(499),
    )
    sys.stdout.write("begun\n")
    sys.stdout.flush()
    with store.writer().unwrap():
        outcome = synchronise(order).unwrap()
    sys.stdout.write(f"up to date: {outcome.current} of {outcome.symbols}\n")


if __name__ == "__main__":
    main()
