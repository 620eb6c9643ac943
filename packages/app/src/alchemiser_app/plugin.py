"""The app's own plugin: its feeds come in by the same door as everybody's."""

from typing import Any

from alchemiser_app.feeds.factories import FEEDS
from alchemiser_core.plugins import DataFeedFactory, hookimpl


@hookimpl
def alchemiser_data_feeds() -> list[DataFeedFactory[Any]]:
    """`files` and `sample`."""
    return list(FEEDS)
