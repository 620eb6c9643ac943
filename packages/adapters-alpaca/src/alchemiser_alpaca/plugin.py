"""The door through which Alchemiser finds the Alpaca adapter.

The vendor's library and the simulator's take their time to import, so nothing here, in `settings`
or in `simulator.settings` imports them.
"""

from typing import Any

from alchemiser_alpaca.settings import (
    AlpacaBrokerSettings,
    AlpacaCalendarSettings,
    AlpacaDataSettings,
)
from alchemiser_core.plugins import (
    BrokerFactory,
    BuildResult,
    CalendarFactory,
    DataFeedFactory,
    PluginContext,
    SimulatorFactory,
    hookimpl,
)
from alchemiser_core.ports.broker import Broker
from alchemiser_core.ports.market_data import MarketData
from alchemiser_core.ports.trading_calendar import TradingCalendar


@hookimpl
def alchemiser_brokers() -> list[BrokerFactory[Any]]:
    """The accounts at Alpaca."""
    summary = "Paper and live accounts at Alpaca"
    return [BrokerFactory("alpaca", summary, AlpacaBrokerSettings, build_broker)]


@hookimpl
def alchemiser_data_feeds() -> list[DataFeedFactory[Any]]:
    """The daily bars of Alpaca."""
    summary = "Daily bars and quotes from Alpaca, since 2016"
    return [DataFeedFactory("alpaca", summary, AlpacaDataSettings, build_data_feed)]


@hookimpl
def alchemiser_calendars() -> list[CalendarFactory[Any]]:
    """The sessions as Alpaca knows them."""
    summary = "The sessions of the United States as Alpaca trades them"
    return [CalendarFactory("alpaca", summary, AlpacaCalendarSettings, build_calendar)]


@hookimpl
def alchemiser_simulators() -> list[SimulatorFactory[Any]]:
    """The simulated Alpaca."""
    from alchemiser_alpaca.simulator.factory import SIMULATOR

    return [SIMULATOR]


def build_broker(settings: AlpacaBrokerSettings, context: PluginContext) -> BuildResult[Broker]:
    """An account; keys that are missing are a failure that says where to put them."""
    from alchemiser_alpaca.building import alpaca_broker

    return alpaca_broker(settings, context).map(_broker)


def build_data_feed(
    settings: AlpacaDataSettings, context: PluginContext
) -> BuildResult[MarketData]:
    """The feed; keys that are missing are a failure that says where to put them."""
    from alchemiser_alpaca.building import alpaca_feed

    return alpaca_feed(settings, context).map(_feed)


def build_calendar(
    settings: AlpacaCalendarSettings, context: PluginContext
) -> BuildResult[TradingCalendar]:
    """The calendar, read at once; keys that are missing, or no answer, are a failure."""
    from alchemiser_alpaca.building import alpaca_calendar

    return alpaca_calendar(settings, context).map(_calendar)


def _broker(broker: Broker) -> Broker:
    return broker


def _feed(feed: MarketData) -> MarketData:
    return feed


def _calendar(calendar: TradingCalendar) -> TradingCalendar:
    return calendar
