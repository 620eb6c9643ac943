"""The check of days against the calendar: sessions of which no symbol has a price, and days that
are no session. Either way every return and every window counts another day than it says.
"""

from collections.abc import Collection
from datetime import date

import numpy as np
from numpy.typing import NDArray

from alchemiser_core.config.check_settings import CheckPolicy, CheckSettings
from alchemiser_core.domain.problem import Problem
from alchemiser_core.services.bar_checks.facts import BarFacts
from alchemiser_core.services.bar_checks.findings import Check, Finding
from alchemiser_core.services.bar_checks.recent import RecentBars

_NAMED = 3
"""Days that are named; the others are counted."""


def other_days(recent: RecentBars, facts: BarFacts, settings: CheckSettings) -> tuple[Finding, ...]:
    """Where the days of the bars are not the sessions of the calendar, between the first session
    that is looked at and the last.
    """
    if facts.sessions is None:
        return ()
    rows = range(len(recent.priced))
    there = {recent.session(row) for row in rows}
    first, last = recent.session(0), recent.session(rows[-1])
    sessions = {day for day in facts.sessions if first <= day <= last}
    # A last session without any price is for the checks of what is missing to tell.
    lacking = sessions - (there - _empty(recent)) - {last}
    found = (
        (lacking, "sessions without any bars"),
        (there - sessions, "bars of days without a session"),
    )
    return tuple(_other(days, what, facts, settings) for days, what in found if days)


def _empty(recent: RecentBars) -> set[date]:
    """Days on which several symbols have no price; a single one may not have traded."""
    count: NDArray[np.intp] = recent.priced.sum(axis=1)
    if count.max(initial=0) <= 1:
        return set()
    return {recent.session(int(row)) for row in np.flatnonzero(count == 0)}


def _other(days: Collection[date], what: str, facts: BarFacts, settings: CheckSettings) -> Finding:
    ordered = sorted(days)
    named = ", ".join(map(str, ordered[:_NAMED]))
    more = f" and {len(ordered) - _NAMED} days more" if len(ordered) > _NAMED else ""
    problem = Problem(
        code="other-sessions",
        what=f"{what}: {named}{more}",
        where=facts.source,
        why="windows count sessions, and returns go from one to the next",
        hint="fetch the bars anew (alchemiser data sync --full); where it is the calendar that is "
        "wrong: trading.calendar_settings",
    )
    policy, count = CheckPolicy(settings.days), float(len(ordered))
    return Finding(Check.DAYS, policy, problem, session=ordered[0], value=count)
