"""Served as a program, beside a test, from a plugin; killed, and started again."""

import os
import signal
import socket
import subprocess
import sys
import time
import tomllib
from datetime import timedelta
from decimal import Decimal

import pytest
import requests
from returns.result import Failure

from alchemiser_alpaca.simulator.factory import SIMULATOR, build_simulator
from alchemiser_alpaca.simulator.server import AlpacaSimulator, running
from alchemiser_alpaca.simulator.settings import SimulatorSettings
from alchemiser_core.config import Flag, flag_layer
from alchemiser_core.config.configuration import structured
from alchemiser_core.plugins import PluginContext, build

PROGRAM = """
import sys
from datetime import UTC, date, datetime
from alchemiser_alpaca.simulator.server import AlpacaSimulator
from alchemiser_alpaca.simulator.settings import SimulatorSettings
from alchemiser_core.plugins import SimulationContext
from alchemiser_core.testing.bars import wandering_history
from alchemiser_core.testing.calendar import FixedCalendar, weekdays
from alchemiser_core.testing.market_data import InMemoryMarketData
first, last = date(2026, 1, 5), date(2026, 12, 31)
history = wandering_history(("AAA",), 120, seed=4, first=first)
context = SimulationContext(
    feed=InMemoryMarketData(history),
    calendar=FixedCalendar(weekdays(first, last), first, last),
    start=datetime(2026, 3, 4, 17, tzinfo=UTC),
    symbols=history.symbols,
)
settings = SimulatorSettings(port=int(sys.argv[1]), ledger="ledger.jsonl")
simulator = AlpacaSimulator(settings, context, sys.argv[2])
done = simulator.serve(lambda line: print(line, flush=True))
print(done)
"""


@pytest.fixture
def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Process:
    """The simulator as a process of its own."""

    def __init__(self, port, folder):
        command = [sys.executable, "-c", PROGRAM, str(port), str(folder)]
        self.trading_url = f"http://127.0.0.1:{port}"
        self.lines = []
        self._child = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        while not self.lines or "Ctrl-C" not in self.lines[-1]:
            line = self._child.stdout.readline()
            assert line, self._child.stderr.read()
            self.lines.append(line.strip())

    def ended_by(self, signal_number):
        self._child.send_signal(signal_number)
        out, err = self._child.communicate(timeout=10)
        return self._child.returncode, out, err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_in_order(free_port, tmp_path, open_api, number):
    process = Process(free_port, tmp_path)
    api = open_api(process)
    assert api.get("/v2/account").status_code == 200
    code, out, err = process.ended_by(number)
    assert (code, err) == (0, "")
    assert "The simulator has ended." in out
    assert "Success" in out


def test_its_first_lines_say_how_to_trade_there(free_port, tmp_path):
    process = Process(free_port, tmp_path)
    process.ended_by(signal.SIGTERM)
    begin, end = (
        process.lines.index("In alchemiser.toml:"),
        process.lines.index("In the environment:"),
    )
    assert tomllib.loads("\n".join(process.lines[begin + 1 : end])) == {
        "data": {"feed": "alpaca", "settings": {"data_url": process.trading_url}},
        "broker": {"name": "alpaca", "settings": {"trading_url": process.trading_url}},
        "trading": {"clock": "broker"},
    }
    assert process.lines[end + 1 : end + 3] == [
        "ALPACA_KEY_ID=simulated-key-id",
        "ALPACA_SECRET_KEY=simulated-secret",
    ]
    assert "PA0SIMULATED" in process.lines[0]


def test_killed_and_started_again_it_goes_on_where_it_was(free_port, tmp_path, open_api):
    process = Process(free_port, tmp_path)
    api = open_api(process)
    api.order(qty=3, client_order_id="filled")
    resting = api.order(qty=1, type="limit", limit_price=10, client_order_id="open").json()
    deadline = time.monotonic() + 5
    while not api.get("/v2/positions").json() and time.monotonic() < deadline:
        time.sleep(0.01)
    account = api.get("/v2/account").json()
    process.ended_by(signal.SIGKILL)
    assert (tmp_path / "ledger.jsonl").stat().st_mode & 0o777 == 0o600

    process = Process(free_port, tmp_path)
    api = open_api(process)
    assert api.get("/v2/account").json()["cash"] == account["cash"]
    assert [p["qty"] for p in api.get("/v2/positions").json()] == ["3"]
    found = api.get("/v2/orders:by_client_order_id", client_order_id="open").json()
    assert found["id"] == resting["id"]
    assert api.order(qty=1, client_order_id="filled").status_code == 422
    process.ended_by(signal.SIGTERM)


def test_an_account_goes_on_at_the_time_of_its_last_entry(serve, tmp_path):
    with serve(ledger="ledger.jsonl", folder=tmp_path) as served:
        served.clock.advance(timedelta(hours=30))
        with served.desk.work() as at:
            served.exchange.deposit(Decimal(5), at)
        ended = served.clock.now()
    with serve(ledger="ledger.jsonl", folder=tmp_path) as served:
        assert served.clock.now() == ended
        with served.desk.work() as at:
            assert served.exchange.account(at).cash == Decimal(100_005)


def test_a_port_that_is_taken_is_told_in_words(serve, simulation_context):
    with serve() as served:
        settings = SimulatorSettings(port=served.port)
        refused = AlpacaSimulator(settings, simulation_context).serve(lambda line: None)
        (problem,) = refused.failure().problems()
        assert problem.code == "port-taken"
        again = running(AlpacaSimulator(settings, simulation_context))
        with pytest.raises(RuntimeError, match="cannot listen"), again:
            pass


@pytest.mark.parametrize(
    ("settings", "content", "code"),
    [
        ({"faults": "plan.json"}, None, "bad-fault-plan"),
        ({"faults": "plan.json"}, "[{}]", "bad-fault-plan"),
        ({"ledger": "plan.json"}, "no ledger\n{}\n", "bad-ledger"),
    ],
)
def test_files_that_cannot_be_used_are_told_in_words(
    simulation_context, tmp_path, settings, content, code
):
    if content is not None:
        (tmp_path / "plan.json").write_text(content)
    simulator = AlpacaSimulator(SimulatorSettings(**settings), simulation_context, str(tmp_path))
    refused = simulator.serve(lambda line: None)
    assert refused.failure().problems()[0].code == code


def test_it_ends_while_a_client_waits_for_an_answer(serve, open_api):
    with serve() as served:
        api = open_api(served)
        served.put_faults({"kind": "hang", "seconds": 100})
        with pytest.raises(requests.ReadTimeout):
            api("GET", "/v2/account", timeout=0.05)
        began = time.monotonic()
    assert time.monotonic() - began < 1


def test_it_listens_on_this_machine_alone(served):
    assert served.trading_url.startswith("http://127.0.0.1:")
    with socket.socket() as probe, pytest.raises(OSError, match="refused"):
        probe.connect(("127.0.0.2", served.port))


def test_a_plugin_builds_it_from_settings_as_a_person_writes_them(simulation_context):
    layer = flag_layer(
        [
            Flag("--set", ("port",), "0"),
            Flag("--set", ("speed",), "60"),
            Flag("--set", ("not_fractionable",), "BBB,CCC"),
            Flag("--set", ("switches", "cancel_again"), "already"),
            Flag("--set", ("data_plan",), "basic"),
        ]
    )
    settings = structured(layer, SIMULATOR.settings, layer).unwrap()
    built = build(SIMULATOR, settings, PluginContext(simulation=simulation_context))
    with running(built.unwrap()) as served:
        assert served.clock.speed == 60
        assert served.exchange.switches.cancel_again.value == "already"
        assert not served.exchange.assets.find("CCC").fractionable


def test_without_a_market_there_is_nothing_to_build():
    refused = build_simulator(SimulatorSettings(), PluginContext())
    assert isinstance(refused, Failure)


def test_offering_it_imports_no_server():
    program = (
        "import sys, alchemiser_alpaca.simulator.factory; "
        "tops = {m.split('.')[0] for m in sys.modules}; "
        "sys.exit(bool(tops & {'uvicorn', 'starlette', 'websockets', 'msgpack', 'alpaca'}))"
    )
    environment = {**os.environ}
    done = subprocess.run([sys.executable, "-c", program], check=False, env=environment)
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("name", "text"),
    [("port", "70000"), ("speed", "-1"), ("cash", "0.001"), ("multiplier", "3"), ("seed", "-1")],
)
def test_settings_that_cannot_be_are_refused(name, text):
    layer = flag_layer([Flag("--set", (name,), text)])
    assert isinstance(structured(layer, SimulatorSettings, layer), Failure)


def test_a_server_that_fails_tells_so_at_the_end_and_does_not_hang(serve):
    def broken():
        raise OSError("no space left")

    def scenario():
        with serve() as served:
            served.desk.after.append(broken)
            served.clock.advance(timedelta(seconds=1))
            deadline = time.monotonic() + 5
            while open_when_asked(served) and time.monotonic() < deadline:
                time.sleep(0.01)

    with pytest.raises(OSError, match="no space left"):
        scenario()


def open_when_asked(served):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", served.port)) == 0


def test_a_broker_that_is_down_breaks_its_streams_too(serve, open_api):
    with serve() as served:
        api = open_api(served)
        with socket.create_connection(("127.0.0.1", served.port), timeout=5) as stream:
            stream.sendall(
                b"GET /stream HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
                b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
            )
            assert b"101 Switching" in stream.recv(4096)
            served.put_faults({"kind": "down", "seconds": 0.1})
            with pytest.raises(requests.ConnectionError):
                api.get("/v2/account")
            with pytest.raises(ConnectionResetError):
                stream.recv(4096)
