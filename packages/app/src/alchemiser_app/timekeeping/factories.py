"""The app's calendars as a plugin offers them; building one imports its package."""

from functools import partial

from returns.result import Result

from alchemiser_app.timekeeping.calendar_settings import ExchangeCalendarSettings
from alchemiser_core.plugins import BuildError, CalendarFactory, PluginContext
from alchemiser_core.ports.trading_calendar import TradingCalendar


def build_exchange_calendar(
    name: str, settings: ExchangeCalendarSettings, context: PluginContext
) -> Result[TradingCalendar, BuildError]:
    """The calendar of an exchange, with what the settings say against it."""
    from alchemiser_app.timekeeping.corrected_calendar import corrected_calendar
    from alchemiser_app.timekeeping.exchange_calendar import exchange_calendar

    return (
        exchange_calendar(name)
        .bind(lambda tables: corrected_calendar(tables, tables.last, tables.zone, settings))
        .map(_as_port)
    )


def _as_port(calendar: TradingCalendar) -> TradingCalendar:
    return calendar


EXCHANGES = {
    "XNYS": "New York Stock Exchange; NASDAQ and NYSE Arca keep its hours",
    "XNAS": "NASDAQ",
}
"""By market identifier code."""

CALENDARS = tuple(
    CalendarFactory(
        name=name,
        summary=summary,
        settings=ExchangeCalendarSettings,
        build=partial(build_exchange_calendar, name),
    )
    for name, summary in EXCHANGES.items()
)
"""For the app's plugin entry."""
