"""Whether the feeds beside the one that decides can be asked: the source of a bar store, and a
second vendor.
"""

from collections.abc import Iterator
from typing import Any

from returns.result import Failure, Result

from alchemiser_app.cli.exit_codes import ExitCode
from alchemiser_app.container import Application
from alchemiser_app.settings_file import LoadedConfiguration
from alchemiser_app.trading.closing import closing
from alchemiser_core.domain.problem import Explainable
from alchemiser_core.plugins.containment import contained
from alchemiser_core.ports.market_data import MarketData
from alchemiser_core.ports.self_check import Finding, SelfCheck

Check = tuple[str, ExitCode, str]
"""What was checked, `DONE` or the exit code that its failure means, and what was found."""


def feed_checks(app: Application, loaded: LoadedConfiguration) -> Iterator[Check]:
    """What is configured of them: that it can be built, and what it says of itself."""
    data = loaded.configuration.settings.data
    if data.source.feed is not None:
        yield from _asked("source", app.source_feed())
    if data.second.feed is not None:
        yield from _asked("second vendor", app.second_feed())


def _asked(role: str, built: Result[Any, Explainable]) -> Iterator[Check]:
    if isinstance(built, Failure):
        yield role, ExitCode.USAGE, _words(built.failure())
        return
    feed: MarketData = built.unwrap()
    yield role, ExitCode.DONE, feed.name
    with closing(feed):
        if isinstance(feed, SelfCheck):
            yield from _own(role, feed)


def _own(role: str, feed: SelfCheck) -> Iterator[Check]:
    """What a feed finds out about itself; a plugin that raises is told, and stops nothing."""
    found = contained(lambda: tuple(feed.check()))
    if isinstance(found, Failure):
        yield role, ExitCode.DATA, f"its own check raised {found.failure()}"
        return
    for finding in found.unwrap():
        yield _row(role, finding)


def _row(role: str, finding: Finding) -> Check:
    name = f"{role}: {finding.name}"
    if finding.ok:
        return name, ExitCode.DONE, finding.found
    words = "; ".join(str(problem) for problem in finding.problems)
    return name, ExitCode.DATA, f"{finding.found}: {words}"


def _words(error: Explainable) -> str:
    return "; ".join(str(problem) for problem in error.problems())
