"""Builds the feed from settings and secrets; nothing is sent. Only the plugin's functions import
this module.
"""

from collections.abc import Callable
from datetime import datetime, time
from urllib.parse import urlsplit

from returns.result import Failure, Result, Success

from alchemiser_core.config import is_loopback_host
from alchemiser_core.plugins import BuildError, PluginContext
from alchemiser_twelvedata.connection.client import TimeLimits
from alchemiser_twelvedata.connection.connection import connect
from alchemiser_twelvedata.connection.credits import Credits
from alchemiser_twelvedata.connection.pace import THIS_HOST, Pace
from alchemiser_twelvedata.data.bar_source import BarSource
from alchemiser_twelvedata.data.indicators import Indicators
from alchemiser_twelvedata.feed import TwelveDataFeed
from alchemiser_twelvedata.keys import read_key
from alchemiser_twelvedata.market_time import Completed, system_now
from alchemiser_twelvedata.settings import TwelveDataSettings


def twelvedata_feed(
    settings: TwelveDataSettings,
    context: PluginContext,
    pace: Pace = THIS_HOST,
    now: Callable[[], datetime] = system_now,
) -> Result[TwelveDataFeed, BuildError]:
    """The feed. Failure: a key that is missing or malformed, with the place it belongs to."""
    key = read_key(context.secrets)
    if isinstance(key, Failure):
        return Failure(key.failure())
    credits = Credits(settings.credits_per_minute, settings.credits_per_day, pace)
    limits = TimeLimits(float(settings.connect_seconds), float(settings.read_seconds))
    url = settings.url.rstrip("/")
    connection = connect(url, key.unwrap(), limits, credits, context.tell, pace=pace)
    return Success(
        TwelveDataFeed(
            connection=connection,
            source=BarSource(connection, settings.adjust),
            indicators=Indicators(
                connection, settings.adjust if settings.adjust_indicators else None
            ),
            completed=Completed(now, time.fromisoformat(settings.complete_after)),
            is_local=_is_local(url),
        )
    )


def _is_local(url: str) -> bool:
    """Whether a server is on this machine."""
    host = urlsplit(url).hostname or ""
    return is_loopback_host(f"[{host}]" if ":" in host else host)
