"""A broker whose words are meant for the terminal, the log and the journal of its reader."""

import sys
from pathlib import Path

import pytest

HOSTILE = "\x1b[2J\x1b]0;sold\x07no\r\nerror: sold all\u202etxet\u2028\x9b31m<b>" + "x" * 100_000

BROKER = f"""
from datetime import timedelta
from returns.result import Failure, Success
from alchemiser_core.domain.orders.submission import Rejected, RejectionKind
from alchemiser_core.plugins import BrokerFactory, NoSettings, hookimpl
from alchemiser_core.simulation.virtual_clock import VirtualClock
from alchemiser_core.testing.broker import InMemoryBroker, in_memory_broker
from alchemiser_core.testing.calendar import new_york_session

class Hostile(InMemoryBroker):
    @property
    def session(self):
        return self.at
    def submit(self, request):
        return Failure(Rejected(RejectionKind.OTHER, {HOSTILE!r}))

def build(settings, context):
    session = new_york_session(context.trading.session)
    clock = VirtualClock(session.closes - timedelta(minutes=15))
    made = in_memory_broker(clock, {{"AAA": 100, "BBB": 50}})
    broker = Hostile(made.exchange, clock, name="hostile", keeps_time=True)
    broker.at = session
    return Success(broker)

@hookimpl
def alchemiser_brokers():
    return [BrokerFactory(name="hostile", summary="of tests", settings=NoSettings, build=build)]
"""


@pytest.fixture
def here(market, monkeypatch) -> Path:
    info = market / "site" / "hostile-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: hostile\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[alchemiser]\nhostile = hostile_broker_plugin\n")
    (market / "site" / "hostile_broker_plugin.py").write_text(BROKER)
    monkeypatch.syspath_prepend(str(market / "site"))
    monkeypatch.delitem(sys.modules, "hostile_broker_plugin", raising=False)
    (market / "alchemiser.toml").write_text(
        '[data]\nfeed = "files"\nsettings.folder = "bars"\n[broker]\nname = "hostile"\n'
        '[logs]\nfile = "alchemiser.log"\nlevel = "info"\n[[notify]]\nname = "log"\n'
        '[[notify]]\nname = "file"\nsettings.path = "alerts.jsonl"\n'
    )
    return market


def obeyed(text: str) -> set[str]:
    """What a terminal would obey in a text."""
    return {c for c in text if not c.isprintable() and c not in "\n\t"}


def test_security_s13_nothing_that_a_broker_says_reaches_a_terminal_or_a_file_as_it_was(here, run):
    shown = [run("trade", "one.edn", "--session", "2024-03-05")]
    assert shown[0].exit_code == 5
    for command in ("history", "journal show", "status"):
        shown += [run(*command.split()), run(*command.split(), "--json")]
    for result in shown:
        for text in (result.stdout, result.stderr):
            assert obeyed(text) == set()
            assert "\nerror: sold all" not in text
            assert "x" * 2000 not in text
    assert "sold all" in shown[0].stdout
    for name in ("alchemiser.log", "alerts.jsonl"):
        written = (here / name).read_text()
        assert "sold all" in written
        assert all(line.startswith("{") for line in written.splitlines())
        assert obeyed(written) == set()
        assert "x" * 2000 not in written
