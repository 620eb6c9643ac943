"""The door through which Alchemiser finds the Alpaca adapter.

This version brings the names and the settings; the adapter itself comes with 0.2. The vendor's
library takes two seconds to import, so nothing here or in `settings` imports it.
"""

from typing import Any

from returns.result import Failure

from alchemiser_alpaca.settings import AlpacaBrokerSettings, AlpacaDataSettings
from alchemiser_core.domain.problem import Problem
from alchemiser_core.plugins import (
    BrokerFactory,
    BuildError,
    BuildResult,
    DataFeedFactory,
    PluginContext,
    hookimpl,
)
from alchemiser_core.ports.broker import Broker
from alchemiser_core.ports.market_data import MarketData


@hookimpl
def alchemiser_brokers() -> list[BrokerFactory[Any]]:
    """The accounts at Alpaca."""
    summary = "Paper and live accounts at Alpaca (comes with version 0.2)"
    return [BrokerFactory("alpaca", summary, AlpacaBrokerSettings, build_broker)]


@hookimpl
def alchemiser_data_feeds() -> list[DataFeedFactory[Any]]:
    """The daily bars of Alpaca."""
    summary = "Daily bars from Alpaca (comes with version 0.2)"
    return [DataFeedFactory("alpaca", summary, AlpacaDataSettings, build_data_feed)]


def build_broker(settings: AlpacaBrokerSettings, context: PluginContext) -> BuildResult[Broker]:
    """Always a `BuildError`: this version does not trade."""
    return _comes_later(
        "the Alpaca broker",
        f"it will place orders at {settings.trading_url} and follow them",
        "until then `alchemiser plan` shows the orders that it would place",
    )


def build_data_feed(
    settings: AlpacaDataSettings, context: PluginContext
) -> BuildResult[MarketData]:
    """Always a `BuildError`: this version does not fetch bars."""
    return _comes_later(
        "the Alpaca data feed",
        f"it will fetch {settings.feed} bars from {settings.data_url}, "
        f"adjustment {settings.adjustment}",
        "until then give --data a folder of CSV or Parquet files, or `sample`",
    )


def _comes_later(what: str, why: str, hint: str) -> Failure[BuildError]:
    problem = Problem(
        "comes-with-0.2", f"{what} comes with version 0.2 of alchemiser-alpaca", "alpaca", why, hint
    )
    return Failure(BuildError((problem,)))
