"""A plugin with a second vendor, for tests of the command line: what it does is up to the test."""

from attrs import define, field
from returns.result import Success

from alchemiser_core.plugins import DataFeedFactory, NoSettings, hookimpl
from alchemiser_core.testing.indicator_source import InMemoryVendor

BUILT = []
"""Every vendor that was built."""
HISTORY = None
"""Its bars; a test puts them here."""


def nothing():
    """Nothing happens before an answer."""


BEFORE = nothing
"""Called before bars are given."""


@define
class Vendor(InMemoryVendor):
    closed: list = field(factory=list)

    def bars(self, request):
        BEFORE()
        return super().bars(request)

    def close(self):
        self.closed.append(True)


def build(settings, context):
    BUILT.append(Vendor(HISTORY))
    return Success(BUILT[-1])


@hookimpl
def alchemiser_data_feeds():
    return [DataFeedFactory("second", "of tests", NoSettings, build)]
