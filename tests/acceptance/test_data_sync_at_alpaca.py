"""A bar store that is filled from the Alpaca adapter at a simulated Alpaca, by the command line."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from attrs import define
from typer.testing import CliRunner

from alchemiser_alpaca.simulator.server import AlpacaSimulator, RunningSimulator, running
from alchemiser_alpaca.simulator.settings import SimulatorSettings
from alchemiser_app import freshness
from alchemiser_app.bar_store.store import open_store
from alchemiser_app.cli.main import app
from alchemiser_core.domain.bars import PriceBasis
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.plugins import SimulationContext
from alchemiser_core.ports.corporate_actions import Split
from alchemiser_core.testing.bars import wandering_history
from alchemiser_core.testing.calendar import FixedCalendar, weekdays
from alchemiser_core.testing.market_data import InMemoryMarketData

SYMBOLS = tuple(Symbol(name) for name in ("SPY", "TLT", "BRK.B", "GLD"))
FIRST, LAST = date(2026, 2, 17), date(2026, 3, 31)
"""Without a holiday: every weekday is a session."""
WEDNESDAY = datetime(2026, 3, 4, 22, 30, tzinfo=UTC)
THURSDAY = datetime(2026, 3, 5, 22, 30, tzinfo=UTC)
"""Evenings."""
BARS = "/v2/stocks/bars"


@define
class Served:
    """A simulated Alpaca, and a folder whose store is filled from it."""

    server: RunningSimulator
    folder: Path
    adjustment: str = "all"

    def sync(self, *words: str) -> dict:
        """`alchemiser data sync --json`, and what it asked for."""
        (self.folder / "alchemiser.toml").write_text(
            '[data]\nfeed = "store"\nsettings.folder = "bars"\n'
            '[data.source]\nfeed = "alpaca"\n[data.source.settings]\n'
            f'adjustment = "{self.adjustment}"\n'
            f'data_url = "{self.server.data_url}"\ntrading_url = "{self.server.trading_url}"\n'
        )
        before = len(self.asked)
        settings = self.server.simulator.settings
        keys = {"ALPACA_KEY_ID": settings.key_id, "ALPACA_SECRET_KEY": settings.secret_key}
        config = str(self.folder / "alchemiser.toml")
        result = CliRunner().invoke(
            app, ["data", "sync", *words, "--json", "--config", config], env=keys
        )
        assert result.exit_code == 0, result.output
        return {**json.loads(result.stdout), "pages": len(self.asked) - before}

    @property
    def asked(self) -> list[str]:
        return [each.path for each in self.server.requests if each.path == BARS]

    def closes(self, symbol: str, basis: PriceBasis = PriceBasis.ADJUSTED) -> list[float]:
        store = open_store(self.folder / "bars").unwrap()
        return store.series(Symbol(symbol), basis).unwrap().close.tolist()

    def split(self, symbol: str, ratio: int) -> None:
        with self.server.desk.work() as now:
            self.server.exchange.split(symbol, Decimal(ratio), now)


@pytest.fixture
def at_alpaca(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """On Wednesday evening; the computer's time is that of the simulator."""
    calendar = FixedCalendar(weekdays(FIRST, LAST))
    history = wandering_history(SYMBOLS, 31, seed=4, first=FIRST)
    context = SimulationContext(
        feed=InMemoryMarketData(history), calendar=calendar, start=WEDNESDAY, symbols=SYMBOLS
    )
    simulator = AlpacaSimulator(SimulatorSettings(port=0, speed=Decimal(0)), context)
    with running(simulator) as server:
        monkeypatch.setattr(freshness, "now", server.clock.now)
        yield Served(server, tmp_path)


def test_all_symbols_come_in_two_pages_and_an_up_to_date_store_asks_for_none(at_alpaca):
    first = at_alpaca.sync(*SYMBOLS)
    assert first["new"] == dict.fromkeys(sorted(SYMBOLS), 12)
    assert (first["basis"], first["through"], first["pages"]) == ("adjusted", "2026-03-04", 2)
    again = at_alpaca.sync()
    assert (again["symbols"], again["current"], again["requests"], again["pages"]) == (4, 4, 0, 0)


def test_the_next_session_is_appended_and_a_split_restates_one_history(at_alpaca):
    at_alpaca.sync(*SYMBOLS)
    before = at_alpaca.closes("TLT")
    at_alpaca.server.clock.advance_to(THURSDAY)
    at_alpaca.split("TLT", 2)
    found = at_alpaca.sync()
    assert found["appended"] == dict.fromkeys(sorted({*SYMBOLS} - {"TLT"}), 1)
    (renewed,) = found["fetched_anew"]
    assert (renewed["symbol"], renewed["restated"]["words"]) == ("TLT", "split 2:1")
    assert found["pages"] == 2
    after = at_alpaca.closes("TLT")
    assert len(after) == 13
    assert after[:12] == pytest.approx([close / 2 for close in before], abs=0.01)


def test_raw_prices_are_kept_apart_with_their_splits(at_alpaca):
    at_alpaca.sync(*SYMBOLS)
    at_alpaca.adjustment = "raw"
    assert at_alpaca.sync("TLT")["basis"] == "raw"
    at_alpaca.server.clock.advance_to(THURSDAY)
    at_alpaca.split("TLT", 2)
    found = at_alpaca.sync("TLT")
    assert (found["appended"], found["fetched_anew"]) == ({"TLT": 1}, [])
    actions = open_store(at_alpaca.folder / "bars").unwrap().actions(Symbol("TLT")).unwrap()
    assert actions.actions == (Split(Symbol("TLT"), Decimal(2), date(2026, 3, 5)),)
    assert len(at_alpaca.closes("TLT")) == 12
