"""A plugin with a broker on this machine and a simulator of it, for tests of the command line."""

from datetime import UTC, date, datetime, timedelta

from attrs import field, frozen
from returns.result import Failure, Success

from alchemiser_core.config import doc
from alchemiser_core.domain.problem import Problem
from alchemiser_core.plugins import BrokerFactory, BuildError, SimulatorFactory, hookimpl
from alchemiser_core.ports.broker_simulator import NotServing
from alchemiser_core.ports.secret_store import required
from alchemiser_core.ports.self_check import Finding
from alchemiser_core.simulation.virtual_clock import VirtualClock
from alchemiser_core.testing.broker import InMemoryBroker, in_memory_broker
from alchemiser_core.testing.calendar import new_york_session

STARTED = []
"""What every simulator was built with, and what every broker is."""


@frozen
class Switches:
    slow: bool = field(default=False, metadata=doc("Whether it is slow."))


@frozen
class Settings:
    port: int = field(default=8777, metadata=doc("Port."))
    speed: float = field(default=1.0, metadata=doc("Pace."))
    cash: str = field(default="", metadata=doc("Cash."))
    spread_bps: int = field(default=0, metadata=doc("Spread."))
    switches: Switches = field(factory=Switches, metadata=doc("What it may do."))


@frozen
class Simulator:
    settings: Settings

    def serve(self, tell):
        tell(f"listening on port {self.settings.port}")
        tell(f"slow: {self.settings.switches.slow}, spread {self.settings.spread_bps}")
        if self.settings.port == 1:
            return Failure(NotServing((Problem("port-taken", "port 1 is taken"),)))
        return Success(None)


class LocalBroker(InMemoryBroker):
    """It says that it runs here, and looks at itself."""

    @property
    def capabilities(self):
        from attrs import evolve

        return evolve(super().capabilities, is_local=self.name == "local")

    def check(self):
        wrong = Problem("clock-skew", "the clock is an hour off")
        return (Finding("keys", "accepted"), Finding("clock", "an hour ahead", (wrong,)))

    def close(self):
        STARTED.append("closed")


class EarlyBroker(LocalBroker):
    """It has a calendar, by which every session closes at one o'clock."""

    def market_sessions(self, start, end):
        days = (start + timedelta(days=n) for n in range((end - start).days + 1))
        open_on = [day for day in days if day.weekday() < 5 and day != date(2024, 3, 29)]
        return Success(tuple(new_york_session(day, is_half_day=True) for day in open_on))

    @property
    def capabilities(self):
        from attrs import evolve

        return evolve(super().capabilities, is_local=True)


@hookimpl
def alchemiser_simulators():
    def build(settings, context):
        STARTED.append(context.simulation)
        return Success(Simulator(settings))

    return [SimulatorFactory("acme", "speaks like Acme", Settings, build)]


@hookimpl
def alchemiser_brokers():
    def build(name):
        def built(settings, context):
            if name == "keyed":
                key = required(context.secrets, "acme-key")
                if isinstance(key, Failure):
                    return Failure(BuildError(key.failure().problems()))
            clock = VirtualClock(datetime(2024, 3, 21, 19, 45, tzinfo=UTC) + timedelta(seconds=3))
            plain = in_memory_broker(clock, {"AAA": 100, "BBB": 50, "CCC": 20})
            kind = EarlyBroker if name == "early" else LocalBroker
            broker = kind(plain.exchange, clock, name)
            STARTED.append(broker)
            return Success(broker)

        return built

    return [
        BrokerFactory("local", "an account on this machine", Settings, build("local")),
        BrokerFactory("remote", "an account elsewhere", Settings, build("remote")),
        BrokerFactory("early", "an account that goes home early", Settings, build("early")),
        BrokerFactory("keyed", "an account that needs a key", Settings, build("keyed")),
    ]
