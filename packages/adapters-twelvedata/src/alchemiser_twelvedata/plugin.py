"""The door through which Alchemiser finds the TwelveData adapter.

The HTTP library takes its time to import, so nothing here or in `settings` imports it.
"""

from typing import Any

from alchemiser_core.plugins import BuildResult, DataFeedFactory, PluginContext, hookimpl
from alchemiser_core.ports.market_data import MarketData
from alchemiser_twelvedata.settings import TwelveDataSettings


@hookimpl
def alchemiser_data_feeds() -> list[DataFeedFactory[Any]]:
    """The daily bars of TwelveData."""
    summary = "Daily bars and indicators from TwelveData, within your plan's credits"
    return [DataFeedFactory("twelvedata", summary, TwelveDataSettings, build_data_feed)]


def build_data_feed(
    settings: TwelveDataSettings, context: PluginContext
) -> BuildResult[MarketData]:
    """The feed; a key that is missing is a failure that says where to put it."""
    from alchemiser_twelvedata.building import twelvedata_feed

    return twelvedata_feed(settings, context).map(_feed)


def _feed(feed: MarketData) -> MarketData:
    return feed
