"""What is known beside the bars that are to be checked."""

from datetime import date

from attrs import frozen

from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.corporate_actions import CorporateAction


@frozen(eq=False)
class SecondOpinion:
    """What a second feed said of some symbols."""

    feed: str
    """Its name."""
    asked: tuple[Symbol, ...]
    history: BarHistory | None = None
    """Its bars; `None` where it did not answer."""
    silence: tuple[Problem, ...] = ()
    """Why it did not."""


@frozen(eq=False)
class BarFacts:
    """What bars are held against."""

    decides: date | None = None
    """The session that has to decide; `None` where it is the last one there is."""
    completed: date | None = None
    """The last session that is over, whose bars may be known; `None` where all are over."""
    running: date | None = None
    """A session that decides although it is not over; a vendor of completed bars has none of it."""
    source: str = ""
    """Whose bars they are, in words."""
    actions: tuple[CorporateAction, ...] = ()
    """Of a feed of raw prices, over the sessions that are looked at."""
    actions_unread: tuple[Problem, ...] = ()
    """Why such a feed did not say them."""
    second: SecondOpinion | None = None
    sessions: tuple[date, ...] | None = None
    """By a calendar, over the days that are looked at; `None` where nobody says."""


NO_FACTS = BarFacts()
"""Nothing is known but the bars."""
