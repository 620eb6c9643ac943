from datetime import date

from alchemiser_app.timekeeping.factories import CALENDARS
from alchemiser_core.plugins import PluginContext


def test_every_calendar_that_is_offered_can_be_built():
    for factory in CALENDARS:
        calendar = factory.build(factory.settings(), PluginContext()).unwrap()
        assert calendar.name == factory.name
        assert len(calendar.sessions(date(2024, 1, 1), date(2024, 12, 31)).unwrap()) == 252
