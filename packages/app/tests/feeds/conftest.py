"""Folders of bars that a test writes as text."""

from pathlib import Path

import pytest

from alchemiser_app.feeds.files import FilesFeed
from alchemiser_core.ports.market_data import BarRequest


class Folder:
    """A folder of bars under construction."""

    def __init__(self, path: Path):
        self.path = path
        self.feed = FilesFeed(path)

    def write(self, name, content):
        data = content.encode() if isinstance(content, str) else content
        (self.path / name).write_bytes(data)
        return self

    def bars(self, *symbols, **wanted):
        return self.feed.bars(BarRequest(symbols, **wanted))

    def problems(self, *symbols, **wanted):
        """The problems of a request that has to fail."""
        return self.bars(*symbols, **wanted).failure().problems()

    def codes(self, *symbols, **wanted):
        return [problem.code for problem in self.problems(*symbols, **wanted)]


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path)
