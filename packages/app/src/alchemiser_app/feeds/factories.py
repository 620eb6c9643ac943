"""The app's own feeds as a plugin offers them; building one imports it, naming it does not."""

from pathlib import Path

from attrs import field, frozen
from returns.result import Failure, Result, Success

from alchemiser_app.home_folder import at_home
from alchemiser_core.config import doc
from alchemiser_core.domain.problem import Problem
from alchemiser_core.plugins import BuildError, DataFeedFactory, PluginContext
from alchemiser_core.ports.market_data import MarketData


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
    """The feed of a folder; a calendar by name is a failure in this version."""
    from alchemiser_app.feeds.files import FilesFeed

    if settings.calendar:
        return Failure(BuildError((no_calendar(settings.calendar),)))
    folder = Path(context.folder) / at_home(settings.folder)
    if not folder.is_dir():
        return Failure(BuildError((_no_folder(folder),)))
    return Success(FilesFeed(folder))


def _no_folder(folder: Path) -> Problem:
    return Problem(
        code="no-folder",
        what=f"there is no folder {str(folder)!r}",
        why="the files feed reads one file a symbol from it",
        hint="a folder in a configuration is meant from where that file is",
    )


def no_calendar(name: str) -> Problem:
    """Exchange calendars are not part of this version."""
    return Problem(
        code="no-calendar",
        what=f"there is no exchange calendar {name!r}",
        where="calendar",
        why="this version knows no exchange calendars",
        hint="leave it out: the sessions are then the dates of the folder's SPY file",
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
