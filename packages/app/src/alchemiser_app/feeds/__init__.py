"""The feeds that come with the app: a folder of files, and a synthetic market."""

from alchemiser_app.feeds.files import FilesFeed
from alchemiser_app.feeds.sample import SampleFeed

__all__ = ["FilesFeed", "SampleFeed"]
