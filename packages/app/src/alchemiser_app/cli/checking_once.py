"""The check of the indicators on demand: decides, asks the second vendor, says what it lacks."""

from datetime import date

from alchemiser_app.cli.exit_codes import ExitCode
from alchemiser_app.cli.opening import Asked, application, note_other_session, open_target
from alchemiser_app.cli.output import fail, value_of, working
from alchemiser_app.indicator_checking.asking import no_second_feed
from alchemiser_app.indicator_checking.rules import check_rules, path_of
from alchemiser_app.targets import decide_each
from alchemiser_app.trading.closing import closing
from alchemiser_core.domain.problem import Problem
from alchemiser_core.services.indicator_check import Decided, IndicatorReport, check_indicators


def checked_now(asked: Asked, as_of: date | None) -> IndicatorReport:
    """Decide as `alchemiser decide` does, and ask the second vendor. Ends the command where it is
    not configured (exit code 2), or nothing could be decided (3).
    """
    vendor = value_of(application(asked).second_feed(), ExitCode.USAGE, as_json=asked.as_json)
    if vendor is None:
        fail((no_second_feed(),), ExitCode.USAGE, as_json=asked.as_json)
    with closing(vendor):
        opened = open_target(asked, end=as_of)
        each = decide_each(opened.strategies, opened.history, as_of)
        decided = value_of(each, ExitCode.DATA, as_json=asked.as_json)
        session = decided[0][1].as_of
        note_other_session(as_of, session)
        paths = tuple(path_of(entry.strategy, decision) for entry, decision in decided)
        rules = check_rules(opened.configuration.settings.check.indicators)
        with working(f"asking {vendor.name}"):
            return check_indicators(Decided(session, paths, opened.history), vendor, rules)


def silent(report: IndicatorReport) -> tuple[Problem, ...]:
    """Why nothing could be compared, where something was to be."""
    if not report.has_nothing:
        return ()
    came_of = dict.fromkeys(each.verdict.value for each in report.compared)
    nothing = Problem(
        code="second-vendor-silent",
        what=f"{report.vendor} gave nothing to hold the indicators against",
        where=f"session {report.as_of}",
        why=", ".join(came_of),
        hint="ask again later, or about an earlier session with --as-of",
    )
    return (*report.found, nothing)
