"""Builds what the plugin offers, from settings and secrets.

Nothing is sent while building, but by the calendar, which reads all its days at once. Only the
plugin's functions import this module.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial

from returns.result import Failure, Result, Success

from alchemiser_alpaca.addresses import Addresses, broker_addresses, feed_addresses, is_local
from alchemiser_alpaca.broker import AlpacaBroker
from alchemiser_alpaca.calendar import AlpacaCalendar, read_calendar
from alchemiser_alpaca.connection.client import TimeLimits
from alchemiser_alpaca.connection.connection import Connection, connect
from alchemiser_alpaca.connection.failures import beside_the_broker
from alchemiser_alpaca.connection.pace import THIS_HOST
from alchemiser_alpaca.connection.waiting import Patience
from alchemiser_alpaca.data.bar_pages import BarPages
from alchemiser_alpaca.data.latest_quotes import PolledQuotes
from alchemiser_alpaca.feed import AlpacaFeed, AlpacaRawFeed
from alchemiser_alpaca.keys import Keys, read_keys
from alchemiser_alpaca.market_time import NEW_YORK
from alchemiser_alpaca.quotes import AlpacaQuotes
from alchemiser_alpaca.self_check import SelfChecks
from alchemiser_alpaca.settings import (
    Adjustment,
    AlpacaBrokerSettings,
    AlpacaCalendarSettings,
    AlpacaDataSettings,
)
from alchemiser_alpaca.streams.link import Persistence
from alchemiser_alpaca.streams.quotes import quote_stream
from alchemiser_alpaca.streams.trade_updates import TradeUpdates, trade_updates
from alchemiser_core.domain.problem import Problem
from alchemiser_core.plugins import BuildError, PluginContext, TradingContext
from alchemiser_core.ports.clock import Clock

PATIENCE = Patience()
FOR_LONG_LISTS = Patience(own_count=60.0)
"""Bars of many symbols and years are more pages than a minute allows; they are read all the same.
"""
_PERSISTENCE = Persistence(THIS_HOST.chance)


def alpaca_broker(
    settings: AlpacaBrokerSettings, context: PluginContext
) -> Result[AlpacaBroker, BuildError]:
    """The broker. Failures: keys that are missing or malformed, with the place they belong to."""
    if context.trading is None:
        problem = Problem("no-trading-context", "a broker is built for trading alone", "alpaca")
        return Failure(BuildError((problem,)))
    keys = read_keys(context.secrets)
    if isinstance(keys, Failure):
        return Failure(keys.failure())
    return Success(broker_of(settings, keys.unwrap(), context.trading))


def broker_of(
    settings: AlpacaBrokerSettings,
    keys: Keys,
    trading: TradingContext,
    patience: Patience = PATIENCE,
) -> AlpacaBroker:
    """The broker of these keys."""
    addresses = broker_addresses(settings)
    data = _connection(addresses.data, settings, keys, patience)
    return AlpacaBroker(
        trading=_connection(addresses.trading, settings, keys, patience),
        data=data,
        addresses=addresses,
        live_quotes=_quotes(settings, addresses, keys, data, trading),
        open_updates=_updates(settings, addresses, keys),
        checks=SelfChecks(trading.clock, trading.calendar, settings.feed),
    )


def alpaca_feed(
    settings: AlpacaDataSettings, context: PluginContext
) -> Result[AlpacaFeed, BuildError]:
    """The feed; with splits and dividends beside it where its prices are raw."""
    keys = read_keys(context.secrets)
    if isinstance(keys, Failure):
        return Failure(keys.failure())
    trading_url, data_url = feed_addresses(settings)
    data = _connection(data_url, settings, keys.unwrap(), FOR_LONG_LISTS)
    kind = AlpacaRawFeed if settings.adjustment is Adjustment.RAW else AlpacaFeed
    return Success(
        kind(
            trading=_connection(trading_url, settings, keys.unwrap()),
            data=data,
            pages=BarPages(data, settings.feed, settings.adjustment),
            live_quotes=AlpacaQuotes(PolledQuotes(data, settings.feed)),
            today=_today_in_new_york,
            is_local=is_local(data_url),
        )
    )


def alpaca_calendar(
    settings: AlpacaCalendarSettings, context: PluginContext
) -> Result[AlpacaCalendar, BuildError]:
    """The calendar, read from the vendor. Failures: keys, or no answer."""
    keys = read_keys(context.secrets)
    if isinstance(keys, Failure):
        return Failure(keys.failure())
    connection = connect(settings.trading_url, keys.unwrap(), TimeLimits(), 200)
    found = read_calendar(connection)
    connection.close()
    setting = "trading.calendar_settings.trading_url"
    return found.alt(lambda error: BuildError(beside_the_broker(error, setting)))


def _connection(
    url: str,
    settings: AlpacaBrokerSettings | AlpacaDataSettings,
    keys: Keys,
    patience: Patience = PATIENCE,
) -> Connection:
    limits = TimeLimits(float(settings.connect_seconds), float(settings.read_seconds))
    return connect(url, keys, limits, settings.requests_a_minute, patience)


def _quotes(
    settings: AlpacaBrokerSettings,
    addresses: Addresses,
    keys: Keys,
    data: Connection,
    trading: TradingContext,
) -> AlpacaQuotes:
    polled = PolledQuotes(data, settings.feed)
    if not settings.stream_quotes:
        return AlpacaQuotes(polled)
    steady = THIS_HOST.steady
    url, symbols = addresses.data_stream, trading.symbols
    return AlpacaQuotes(polled, partial(quote_stream, url, keys, symbols, _PERSISTENCE, steady))


def _updates(
    settings: AlpacaBrokerSettings, addresses: Addresses, keys: Keys
) -> Callable[[Clock], TradeUpdates] | None:
    if not settings.use_streams:
        return None

    def opened(clock: Clock) -> TradeUpdates:
        return trade_updates(addresses.trading_stream, keys, clock, _PERSISTENCE)

    return opened


def _today_in_new_york() -> date:
    return datetime.now(UTC).astimezone(NEW_YORK).date()
