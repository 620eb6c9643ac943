"""Checks of whole rows: bars that end too early, that go on too long, or that were put right."""

from datetime import date

from alchemiser_core.config.check_settings import CheckPolicy, CheckSettings
from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.problem import Problem
from alchemiser_core.services.bar_checks.facts import BarFacts
from alchemiser_core.services.bar_checks.findings import Check, Finding


def stale(newest: date | None, facts: BarFacts, settings: CheckSettings) -> tuple[Finding, ...]:
    """The newest bars are of an earlier session than the one that has to decide."""
    needed = facts.decides
    if needed is None or (newest is not None and newest >= needed):
        return ()
    have = f"the newest bars are of {newest}" if newest else "there are no bars"
    problem = Problem(
        code="stale-bars",
        what=f"{have}, the session of {needed} has to decide",
        where=facts.source,
        why="a decision on old prices is no decision about today",
        hint="update the data; nothing is traded until then",
    )
    return (Finding(Check.STALE, CheckPolicy(settings.stale), problem, session=newest),)


def partial(
    history: BarHistory, facts: BarFacts, settings: CheckSettings
) -> tuple[BarHistory, tuple[Finding, ...]]:
    """The history without rows that are not over yet, where these are to be dropped."""
    if facts.completed is None:
        return history, ()
    over = history.row_at(facts.completed) + 1
    if over == len(history):
        return history, ()
    finding = _not_over(history, over, facts, settings.partial)
    if settings.partial is CheckPolicy.DROP:
        return history.rows(0, over), (finding,)
    return history, (finding,)


def _not_over(history: BarHistory, over: int, facts: BarFacts, policy: CheckPolicy) -> Finding:
    day = history.session(over)
    more = len(history) - over - 1
    rows = f"the bars of {day}" + (f" and of {more} days after it" if more else "")
    done = " and are left out" if policy is CheckPolicy.DROP else ""
    problem = Problem(
        code="partial-bar",
        what=f"{rows} are of no session that is over{done}",
        where=facts.source,
        why=f"the last session that is over is that of {facts.completed}",
        hint='only decide_on = "provisional" decides by a day that is not over',
    )
    return Finding(Check.PARTIAL, policy, problem, session=day)


def repaired(history: BarHistory, facts: BarFacts, settings: CheckSettings) -> tuple[Finding, ...]:
    """What the feed has put right by itself."""
    return tuple(
        Finding(
            Check.REPAIRED,
            CheckPolicy(settings.repaired),
            Problem(
                code="repaired-bars",
                what=warning,
                where=facts.source,
                hint="fetch the bars anew, or put the files in order",
            ),
        )
        for warning in history.warnings
    )
