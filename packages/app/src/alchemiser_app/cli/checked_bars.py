"""The bars that `decide` and `plan` decide by, checked as those of a cycle are."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby

from attrs import evolve

from alchemiser_app import freshness
from alchemiser_app.bar_checking.checker import BarChecker
from alchemiser_app.cli.exit_codes import ExitCode
from alchemiser_app.cli.output import note, value_of
from alchemiser_app.container import Application
from alchemiser_app.trading.closing import closing
from alchemiser_app.trading.setup import EXCHANGE_ZONE
from alchemiser_core.config.check_settings import CheckPolicy
from alchemiser_core.config.settings import DecideOn, Settings
from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.ports.market_data import MarketData
from alchemiser_core.services.bar_checks import (
    BarFacts,
    Check,
    CheckedBars,
    Finding,
    findings_of,
    partial,
)
from alchemiser_core.services.completed_sessions import last_completed_session

_EACH = 10
"""Findings of one check that are written out; the rest are counted."""


def checked_bars(
    app: Application, feed: MarketData, history: BarHistory, settings: Settings, *, as_json: bool
) -> CheckedBars:
    """What may be decided by, with a note on everything that is odd; ends the command with exit
    code 3 where a check refuses.
    """
    second = value_of(app.second_feed(), ExitCode.USAGE, as_json=as_json)
    over = _completed(app, history, settings, as_json=as_json)
    checker = BarChecker(feed, second, settings.data.checks)
    with closing(second):
        checked = checker.check(history, completed=over)
    bars = value_of(checked, ExitCode.DATA, as_json=as_json)
    note_findings(bars.findings)
    return bars


def looked_back_at(
    app: Application, feed: MarketData, history: BarHistory, settings: Settings, *, as_json: bool
) -> CheckedBars:
    """The bars of a day that somebody asks for, with a note on everything that is odd.

    Nothing is refused or dropped but rows of a day that is not over: what is asked for is what a
    back-test decides on that day. A second vendor is not asked.
    """
    over = _completed(app, history, settings, as_json=as_json)
    checker = BarChecker(feed, None, settings.data.checks)
    facts = checker.known_of(history, BarFacts(completed=over, source=feed.name))
    note_findings(findings_of(history, settings.data.checks, facts))
    known, _ = partial(history, facts, evolve(settings.data.checks, partial=CheckPolicy.DROP))
    return CheckedBars(known, known, ())


def note_findings(findings: Iterable[Finding], each: int = _EACH) -> None:
    """A note on each, a few of every check."""
    ordered = sorted(findings, key=lambda finding: finding.check)
    for check, group in groupby(ordered, key=lambda finding: finding.check):
        found = [finding for finding in group if not _is_told(finding)]
        for finding in found[:each]:
            note(f"warning: {finding.problem}")
        if len(found) > each:
            note(f"warning: and {len(found) - each} more of {check} (see alchemiser data check)")


def _is_told(finding: Finding) -> bool:
    """Whether every command that loads bars has said it already."""
    told = (Check.REPAIRED, Check.BAD_PRICE, Check.MISSING_SYMBOL)
    return finding.policy is CheckPolicy.WARN and finding.check in told


def _completed(
    app: Application, history: BarHistory, settings: Settings, *, as_json: bool
) -> date | None:
    """The last session that is over, where the bars go on to today or beyond; else `None`.

    The calendar of the exchange, which takes a second to read, is only asked where it matters.
    """
    newest = history.session(len(history) - 1) if len(history) else None
    now = freshness.now()
    if newest is None or history.synthetic or settings.trading_decide_on is DecideOn.PROVISIONAL:
        return None
    if newest < now.astimezone(EXCHANGE_ZONE).date():
        return None
    calendar = value_of(app.calendar(), ExitCode.USAGE, as_json=as_json)
    last = value_of(last_completed_session(calendar, now), ExitCode.DATA, as_json=as_json)
    return last.day
