"""The app's own plugin: what it offers comes in by the same door as everybody's."""

from typing import Any

from alchemiser_app.bar_store.factory import STORE
from alchemiser_app.feeds.factories import FEEDS
from alchemiser_app.notifying.factories import NOTIFIERS
from alchemiser_app.paper.factory import PAPER
from alchemiser_app.secrets.factories import SECRET_STORES
from alchemiser_app.timekeeping.factories import CALENDARS
from alchemiser_core.plugins import (
    BrokerFactory,
    CalendarFactory,
    DataFeedFactory,
    NotifierFactory,
    SecretStoreFactory,
    hookimpl,
)


@hookimpl
def alchemiser_data_feeds() -> list[DataFeedFactory[Any]]:
    """`files`, `sample` and `store`."""
    return [*FEEDS, STORE]


@hookimpl
def alchemiser_calendars() -> list[CalendarFactory[Any]]:
    """Exchanges of the United States."""
    return list(CALENDARS)


@hookimpl
def alchemiser_notifiers() -> list[NotifierFactory[Any]]:
    """`log`, `file` and `command`."""
    return list(NOTIFIERS)


@hookimpl
def alchemiser_secret_stores() -> list[SecretStoreFactory[Any]]:
    """`environment` and `env-file`."""
    return list(SECRET_STORES)


@hookimpl
def alchemiser_brokers() -> list[BrokerFactory[Any]]:
    """`paper`."""
    return [PAPER]
