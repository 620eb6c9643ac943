"""How long a rebalance at Alpaca takes, and in how many requests; how many pages a universe has.

    python benchmarks/simulated_broker.py [--repeats N]

The broker is the simulated one, served over HTTP by this process. Its clock runs in real time and
every request takes 30 milliseconds, as one over the internet does. The program is the command
`alchemiser trade`, its imports not counted. A rebalance sells ten symbols and buys ten others with
what they bring.
"""

import argparse
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from attrs import evolve, frozen
from typer.testing import CliRunner

from alchemiser_alpaca.plugin import build_data_feed
from alchemiser_alpaca.settings import AlpacaDataSettings
from alchemiser_alpaca.simulator.server import AlpacaSimulator, RunningSimulator, running
from alchemiser_alpaca.simulator.settings import SimulatorSettings
from alchemiser_app.cli.main import app
from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.plugins import PluginContext, SimulationContext
from alchemiser_core.ports.market_data import BarRequest
from alchemiser_core.testing.bars import wandering_history
from alchemiser_core.testing.calendar import FixedCalendar, weekdays
from alchemiser_core.testing.market_data import InMemoryMarketData
from alchemiser_core.testing.secret_store import InMemorySecrets

SECONDS_GOAL, REQUESTS_GOAL = 5.0, 150
"""Of a rebalance of twenty symbols."""
LATENCY = 30
"""Milliseconds of every request."""
PAGE = 10_000
"""Bars that Alpaca puts into one page at most."""
UNIVERSE, SESSIONS = 500, 420
DAYS = (date(2024, 3, 19), date(2024, 3, 20))
"""Bought on the first, rebalanced on the second."""
SLOT = timedelta(minutes=15)
_KEYS = {"ALPACA_KEY_ID": "simulated-key-id", "ALPACA_SECRET_KEY": "simulated-secret"}
_FIRST = date(2022, 7, 1)


@frozen
class Rebalanced:
    """What a rebalance took."""

    seconds: float
    requests: Counter[str]
    """By kind: the method and the path, without what differs from order to order."""

    @property
    def total(self) -> int:
        """All requests."""
        return self.requests.total()


def kinds(served: RunningSimulator, after: int = 0) -> Counter[str]:
    """Requests after the first so many, by kind."""
    found = list(served.requests)[after:]
    return Counter(f"{r.method} {'/'.join(r.path.split('/')[:4]).split(':')[0]}" for r in found)


def market(symbols: tuple[str, ...], sessions: int, end: date) -> BarHistory:
    """Walks of full bars that end on a day."""
    first = np.busday_offset(np.datetime64(end, "D"), 1 - sessions, roll="backward")
    return wandering_history(symbols, sessions, first=first.item())


@contextmanager
def served(history: BarHistory, day: date, **settings: object) -> Iterator[RunningSimulator]:
    """The simulator over a history, from the slot of a day on."""
    sessions = weekdays(_FIRST, date(2025, 12, 31))
    start = next(s.closes for s in sessions if s.day == day) - SLOT
    context = SimulationContext(
        feed=InMemoryMarketData(history),
        calendar=FixedCalendar(sessions),
        start=start,
        symbols=history.symbols,
    )
    chosen = SimulatorSettings(**{"port": 0, "rate_limit": 0, **settings})
    with running(AlpacaSimulator(chosen, context)) as found:
        yield found


def rebalance(symbols: int = 20, latency: int = LATENCY) -> Rebalanced:
    """Sell half of the symbols and buy the others, at the market, in real time."""
    names = tuple(f"S{number:02}" for number in range(symbols + 1))
    history = market(names, 30, DAYS[-1])
    signal = history.close.copy()
    signal[:, 0] = np.where(history.sessions < np.datetime64(DAYS[0]), 110.0, 90.0)
    history = evolve(history, close=signal)
    with (
        served(history, DAYS[0], latency_ms=latency) as broker,
        tempfile.TemporaryDirectory() as to,
    ):
        folder = Path(to)
        _write(folder, broker.trading_url, names)
        _trade(folder)
        tomorrow = next(s.closes for s in weekdays(DAYS[1], DAYS[1])) - SLOT
        broker.clock.advance_to(tomorrow)
        before = len(broker.requests)
        seconds = _trade(folder)
        return Rebalanced(seconds, kinds(broker, before))


def _write(folder: Path, url: str, names: tuple[str, ...]) -> None:
    half = len(names) // 2
    (folder / "turn.edn").write_text(
        '(defsymphony "turn" {:rebalance-frequency :daily}\n'
        f'  (if (> (current-price "{names[0]}") 100)\n'
        f"    [{_equal(names[1 : half + 1])}]\n    [{_equal(names[half + 1 :])}]))\n"
    )
    (folder / "alchemiser.toml").write_text(
        f'[data]\nfeed = "alpaca"\nsettings.data_url = "{url}"\n'
        f'[broker]\nname = "alpaca"\nsettings.trading_url = "{url}"\n'
        '[trading]\nclock = "broker"\n'
        '[[portfolio.strategies]]\nstrategy = "turn.edn"\nshare = "1"\n'
    )


def _equal(names: tuple[str, ...]) -> str:
    return "(weight-equal " + " ".join(f'(asset "{name}")' for name in names) + ")"


def _trade(folder: Path) -> float:
    begun = time.perf_counter()
    words = ["trade", "--config", str(folder / "alchemiser.toml")]
    done = CliRunner().invoke(app, words, env=_KEYS)
    assert done.exit_code == 0, done.output
    return time.perf_counter() - begun


def universe(
    symbols: int = UNIVERSE, sessions: int = SESSIONS, **settings: object
) -> tuple[float, Counter[str]]:
    """Read the closes of a universe; seconds, and requests by kind."""
    names = tuple(f"U{number:03}" for number in range(symbols))
    history = market(names, sessions, DAYS[0] - timedelta(days=1))
    with served(history, DAYS[0], **settings) as broker:
        chosen = AlpacaDataSettings(data_url=broker.trading_url)
        secrets = {name.lower().replace("_", "-"): text for name, text in _KEYS.items()}
        feed = build_data_feed(chosen, PluginContext(secrets=InMemorySecrets(secrets))).unwrap()
        begun = time.perf_counter()
        bars = feed.bars(BarRequest(tuple(Symbol(s) for s in names))).unwrap()
        seconds = time.perf_counter() - begun
        feed.close()
        assert bars.close.shape == (sessions, symbols)
        assert not np.isnan(bars.close).any()
        return seconds, kinds(broker)


def _print_rebalance(repeats: int) -> None:
    runs = [rebalance() for _ in range(repeats)]
    seconds, last = statistics.median(run.seconds for run in runs), runs[-1]
    print(f"rebalance of 20 symbols at {LATENCY} ms a request")
    print(f"  {seconds:6.2f} s           goal: under {SECONDS_GOAL:g} s")
    print(f"  {last.total:6d} requests    goal: within {REQUESTS_GOAL}")
    for kind, count in last.requests.most_common():
        print(f"  {count:6d} {kind}")


def _print_universe() -> None:
    least = -(-UNIVERSE * SESSIONS // PAGE)
    print(f"universe of {UNIVERSE} symbols and {SESSIONS} sessions")
    for words, settings in (
        ("pages of 10,000 bars", {}),
        ("pages cut at 256 KiB, as seen", {"page_bytes": 262_144}),
    ):
        seconds, requests = universe(**settings)
        pages = requests["GET /v2/stocks/bars"]
        print(f"  {words}: {pages} pages (fewest of 10,000 bars: {least}), {seconds:.1f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=3)
    chosen = parser.parse_args()
    rebalance(latency=0)  # imports everything
    _print_rebalance(chosen.repeats)
    _print_universe()


if __name__ == "__main__":
    main()
