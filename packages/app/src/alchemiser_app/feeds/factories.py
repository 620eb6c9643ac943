"""The app's own feeds as a plugin offers them; building one imports it, naming it does not."""

from pathlib import Path
from typing import TYPE_CHECKING

from attrs import field, frozen
from returns.result import Failure, Result, Success

from alchemiser_app.home_folder import at_home
from alchemiser_app.timekeeping.factories import EXCHANGES
from alchemiser_core.config import doc
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.suggestion import did_you_mean
from alchemiser_core.plugins import BuildError, DataFeedFactory, PluginContext
from alchemiser_core.ports.market_data import MarketData

if TYPE_CHECKING:
    from alchemiser_app.feeds.exchange_axis import ExchangeSessions


@frozen
class FilesSettings:
    """Settings of the `files` feed."""

    folder: str = field(metadata=doc("Folder with one CSV or Parquet file a symbol."))
    calendar: str = field(
        default="",
        metadata=doc("An exchange calendar whose sessions are the axis; empty for SPY's dates."),
    )


@frozen
class SampleSettings:
    """Settings of the `sample` feed."""

    seed: int = field(default=1, metadata=doc("Another seed is another market."))


def build_files(settings: FilesSettings, context: PluginContext) -> Result[MarketData, BuildError]:
    """The feed of a folder. Failures: there is none, or no exchange calendar of that name."""
    from alchemiser_app.feeds.files import FilesFeed

    folder = Path(context.folder) / at_home(settings.folder)
    if not folder.is_dir():
        return Failure(BuildError((_no_folder(folder),)))
    if not settings.calendar:
        return Success(FilesFeed(folder))
    return _sessions(settings.calendar).map(lambda sessions: FilesFeed(folder, sessions))


def _sessions(name: str) -> "Result[ExchangeSessions, BuildError]":
    """The axis of an exchange calendar, by its tables alone."""
    from alchemiser_app.feeds.exchange_axis import ExchangeSessions
    from alchemiser_app.timekeeping.exchange_calendar import exchange_calendar

    if name not in EXCHANGES:
        return Failure(BuildError((no_calendar(name),)))
    return exchange_calendar(name).map(ExchangeSessions)


def _no_folder(folder: Path) -> Problem:
    return Problem(
        code="no-folder",
        what=f"there is no folder {str(folder)!r}",
        why="the files feed reads one file a symbol from it",
        hint="a folder in a configuration is meant from where that file is",
    )


def no_calendar(name: str) -> Problem:
    """Names are those of the calendars that trading may have too."""
    return Problem(
        code="no-calendar",
        what=f"there is no exchange calendar {name!r}",
        where="calendar",
        why=f"there are: {', '.join(EXCHANGES)}",
        hint=did_you_mean(name, tuple(EXCHANGES))
        or "leave it out: the sessions are then the dates of the folder's SPY file",
    )


def build_sample(
    settings: SampleSettings, context: PluginContext
) -> Result[MarketData, BuildError]:
    """The synthetic market of a seed."""
    from alchemiser_app.feeds.sample import SampleFeed

    return Success(SampleFeed(settings.seed))


FEEDS = (
    DataFeedFactory(
        name="files",
        summary="A folder of CSV or Parquet files, one a symbol",
        settings=FilesSettings,
        build=build_files,
    ),
    DataFeedFactory(
        name="sample",
        summary="A synthetic market from a seed; needs no file, key or network",
        settings=SampleSettings,
        build=build_sample,
    ),
)
"""For the app's plugin entry."""
