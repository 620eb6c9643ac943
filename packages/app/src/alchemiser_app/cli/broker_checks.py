"""Whether the broker of the configuration can be traded at, asked of the broker itself."""

from collections.abc import Iterator
from datetime import timedelta

from returns.result import Failure, Result, Success

from alchemiser_app.cli.calendar_checks import hours_checks
from alchemiser_app.cli.exit_codes import ExitCode
from alchemiser_app.container import Application
from alchemiser_app.secrets.chain import MISSING, secret_sources
from alchemiser_app.settings_file import LoadedConfiguration
from alchemiser_app.timekeeping.system_clock import SystemClock
from alchemiser_app.trading.closing import closing
from alchemiser_app.trading.connections import BrokerRequest
from alchemiser_app.trading.live_guard import unconfirmed
from alchemiser_app.trading.setup import EXCHANGE_ZONE
from alchemiser_core.config.settings import Settings
from alchemiser_core.config.trading_settings import ClockChoice
from alchemiser_core.domain.problem import Explainable
from alchemiser_core.domain.schedule import clock_faults
from alchemiser_core.plugins.contained_broker import ContainedBroker, contained_broker
from alchemiser_core.ports.broker import Broker
from alchemiser_core.ports.self_check import SelfCheck

Check = tuple[str, ExitCode, str]
"""What was checked, `DONE` or the exit code that its failure means, and what was found."""

_ON_FILE = "paper"
"""The broker that is a file here: there is nobody to ask, and the first trade makes it."""
_CLOCK = "clock"


def broker_checks(app: Application, loaded: LoadedConfiguration) -> Iterator[Check]:
    """Name and settings of the broker; then its connection, its account and what it says itself."""
    settings = loaded.configuration.settings
    named = _named(app, loaded)
    yield named
    if named[1] is not ExitCode.DONE or settings.broker.name == _ON_FILE:
        return
    built = _built(app)
    yield from _secrets(app)
    if isinstance(built, Failure):
        yield "connection", ExitCode.REFUSED, _words(built)
        return
    broker = built.unwrap()
    with closing(broker):
        contained = contained_broker(broker)
        if isinstance(contained, Failure):
            yield "connection", ExitCode.REFUSED, _words(contained)
            return
        yield from _own_checks(broker, settings)
        yield from _account(contained.unwrap(), settings, synthetic=_synthetic(app))
        if isinstance(calendar := app.calendar(), Success):
            yield from hours_checks(contained.unwrap(), calendar.unwrap())


def _named(app: Application, loaded: LoadedConfiguration) -> Check:
    """Whether there is such a broker and its settings fit; it is not connected to."""
    settings = loaded.configuration.settings
    found = app.registry().broker(settings.broker.name)
    if isinstance(found, Failure):
        return "broker", ExitCode.USAGE, _words(found)
    own = loaded.configuration.section(("broker", "settings"), found.unwrap().settings)
    if isinstance(own, Failure):
        return "broker", ExitCode.USAGE, _words(own)
    return "broker", ExitCode.DONE, f"{settings.broker.name}, mode {settings.mode.value}"


def _built(app: Application) -> Result[Broker, Explainable]:
    """The broker, built for nothing but questions."""
    feed, calendar, clock = app.feed(), app.calendar(), SystemClock()
    if isinstance(feed, Failure):
        return Failure(feed.failure())
    if isinstance(calendar, Failure):
        return Failure(calendar.failure())
    today = clock.now().astimezone(EXCHANGE_ZONE).date()
    request = BrokerRequest(feed.unwrap(), calendar.unwrap(), clock, (), today, is_dry=True)
    built = app.broker(request)
    return Failure(built.failure()) if isinstance(built, Failure) else built


def _secrets(app: Application) -> Iterator[Check]:
    """Where each secret comes from that was asked for, and nothing of its value."""
    chain = app.secrets()
    if isinstance(chain, Failure):
        yield "secrets", ExitCode.USAGE, _words(chain)
        return
    sources = secret_sources(chain.unwrap())
    if not sources:
        return
    found = ", ".join(
        f"{each.secret}: {'a store was refused' if each.problems else each.store}"
        for each in sources
    )
    complete = all(each.store != MISSING for each in sources)
    yield "secrets", ExitCode.DONE if complete else ExitCode.REFUSED, found


def _own_checks(broker: Broker, settings: Settings) -> Iterator[Check]:
    """What the broker finds out about itself. By its own clock its time cannot be wrong."""
    if not isinstance(broker, SelfCheck):
        return
    by_its_clock = settings.trading.clock is ClockChoice.BROKER
    for finding in broker.check():
        if by_its_clock and finding.name == _CLOCK:
            yield finding.name, ExitCode.DONE, f"{finding.found}; its time is traded by"
        elif finding.ok:
            yield finding.name, ExitCode.DONE, finding.found
        else:
            words = "; ".join(str(problem) for problem in finding.problems)
            yield finding.name, ExitCode.REFUSED, f"{finding.found}: {words}"


def _synthetic(app: Application) -> bool:
    """Whether the prices of the data feed are made up."""
    return bool(app.feed().map(lambda feed: feed.synthetic).value_or(False))


def _account(broker: ContainedBroker, settings: Settings, *, synthetic: bool) -> Iterator[Check]:
    """Whether it is the account that is meant, as far as the file says; `--live` is for a trade."""
    found = broker.account()
    if isinstance(found, Failure):
        yield "confirmation", ExitCode.REFUSED, _words(found)
        return
    account = found.unwrap()
    refusal = unconfirmed(settings, account, live=account.is_live, synthetic=synthetic)
    if refusal is not None:
        words = "; ".join(str(problem) for problem in refusal.problems())
        yield "confirmation", ExitCode.REFUSED, words
    else:
        kind = "live" if account.is_live else "paper"
        yield "confirmation", ExitCode.DONE, f"account {account.number} is {kind}, as it has to be"
    yield from _clocks(broker, settings)


def _clocks(broker: ContainedBroker, settings: Settings) -> Iterator[Check]:
    """Whether the broker's time can be traded by, or the computer's beside it."""
    if settings.trading.clock is ClockChoice.BROKER:
        if not broker.capabilities.is_local:
            yield _CLOCK, ExitCode.USAGE, "trading.clock: only a simulator's clock may be traded by"
        return
    told = broker.time()
    if broker.capabilities.keeps_time or isinstance(told, Failure):
        return
    limit = timedelta(seconds=settings.trading.clock_skew_seconds)
    for fault in clock_faults(SystemClock().now(), told.unwrap().at, limit):
        words = "; ".join(str(problem) for problem in fault.problems())
        yield "clocks", ExitCode.REFUSED, words


def _words(result: "Result[object, Explainable]") -> str:
    return "; ".join(str(problem) for problem in result.failure().problems())
