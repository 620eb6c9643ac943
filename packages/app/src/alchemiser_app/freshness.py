"""Whether bars are up to date. Here, and nowhere else, the clock is read."""

from datetime import UTC, date, datetime

from alchemiser_core.domain.bars import BarHistory

USUAL_DAYS = 7
"""Calendar days between the last session and today that nothing is said about: a weekend with
holidays, and data that is loaded once a week.
"""


def now() -> datetime:
    """The moment, in UTC; tests put another function in its place."""
    return datetime.now(UTC)


def today() -> date:
    """The date in UTC; tests put another function in its place."""
    return now().date()


def out_of_date(history: BarHistory, day: date) -> str:
    """What to say where the last session is long ago; empty where it is not, or prices are made up.

    A history without a session is another matter, and not old.
    """
    if history.synthetic or not len(history):
        return ""
    last = history.session(len(history) - 1)
    days = (day - last).days
    if days <= USUAL_DAYS:
        return ""
    return f"the last session is {last}, {days} days ago: the data is not up to date"
