"""The door through which Alchemiser finds the TwelveData adapter.

This version brings the name and the settings; the adapter itself comes with 0.2.
"""

from typing import Any

from returns.result import Failure

from alchemiser_core.domain.problem import Problem
from alchemiser_core.plugins import (
    BuildError,
    BuildResult,
    DataFeedFactory,
    PluginContext,
    hookimpl,
)
from alchemiser_core.ports.market_data import MarketData
from alchemiser_twelvedata.settings import TwelveDataSettings


@hookimpl
def alchemiser_data_feeds() -> list[DataFeedFactory[Any]]:
    """The daily bars of TwelveData."""
    summary = "Daily bars from TwelveData (comes with version 0.2)"
    return [DataFeedFactory("twelvedata", summary, TwelveDataSettings, build_data_feed)]


def build_data_feed(
    settings: TwelveDataSettings, context: PluginContext
) -> BuildResult[MarketData]:
    """Always a `BuildError`: this version does not fetch bars."""
    problem = Problem(
        "comes-with-0.2",
        "the TwelveData feed comes with version 0.2 of alchemiser-twelvedata",
        "twelvedata",
        f"it will fetch bars from {settings.url}, adjusted for {settings.adjust}, "
        f"with {settings.credits_per_minute} credits a minute",
        "until then give --data a folder of CSV or Parquet files, or `sample`",
    )
    return Failure(BuildError((problem,)))
