"""Indicators by two vendors, as a page for a person and as an object for a program."""

from collections.abc import Iterator
from typing import Any

from attrs import asdict

from alchemiser_app.reports.wrapping import wrapped
from alchemiser_core.services.indicator_check import (
    Compared,
    IndicatorReport,
    difference_text,
    outcome_text,
    unit,
)


def report_json(report: IndicatorReport) -> dict[str, Any]:
    """`check indicators --json`, and what is filed beside the journal."""
    return {
        "as_of": report.as_of.isoformat(),
        "vendor": report.vendor,
        "indicators": [_compared_json(report, each) for each in report.compared],
        "outcomes": [
            {
                "strategy": each.strategy,
                "point": each.point,
                "ours": each.ours,
                "theirs": each.theirs,
                "flips": each.flips,
            }
            for each in report.outcomes
        ],
        "without_indicators": list(report.without),
        "notes": list(report.notes),
        "alerts": [
            {"code": a.code, "severity": a.severity.value, "text": a.text, "subject": a.subject}
            for a in report.alerts()
        ],
        "found": [asdict(problem) for problem in report.found],
    }


def _compared_json(report: IndicatorReport, each: Compared) -> dict[str, Any]:
    measure = each.measured.measure
    return {
        "indicator": measure.kind.value,
        "windows": list(measure.windows),
        "symbol": each.measured.symbol,
        "verdict": each.verdict.value,
        "ours": each.ours,
        "theirs": each.theirs,
        "vendors_own": each.own,
        "difference": each.difference,
        "tolerance": each.tolerance,
        "unit": unit(measure),
        "flips": _flips(report, each),
    }


def report_lines(report: IndicatorReport) -> Iterator[str]:
    """The page: a line an indicator, what would have come out otherwise, and the sum of it."""
    yield f"indicators at the close of {report.as_of}, here and by {report.vendor}"
    yield ""
    if report.answered:
        width = max(len(str(each.measured)) for each in report.answered)
        yield f"  {'':<{width}}{'ours':>10}{'theirs':>10}{'own':>10}{'apart':>9}{'limit':>7}"
        for each in report.answered:
            yield _row(report, each, width)
        yield ""
    for verdict, names in _unanswered(report).items():
        yield from wrapped(f"  {verdict}: {', '.join(names)}")
    for strategy in report.without:
        yield f"  {strategy} names no indicator of a symbol: there is nothing to compare"
    for note in report.notes:
        yield from wrapped(f"  {note}")
    yield from summary_lines(report)


def summary_lines(report: IndicatorReport) -> Iterator[str]:
    """What it comes to; each difference and each other outcome is named."""
    for outcome in report.flipped:
        yield from wrapped(f"  the decision would differ: {outcome_text(outcome)}")
    for compared in report.differing:
        yield from wrapped(f"  differs: {difference_text(compared)}")
    yield _sum(report)


def _sum(report: IndicatorReport) -> str:
    by = f"indicators by {report.vendor}"
    if not report.compared:
        return f"{by}: nothing to compare"
    if report.has_nothing:
        return f"{by}: none of {len(report.compared)} could be compared"
    had, all_of_them = len(report.answered), len(report.compared)
    within = had - len(report.differing)
    reach = f"{had}" if had == all_of_them else f"{had} of {all_of_them}"
    return f"{by}: {reach} compared, {within} within the limits, {len(report.flipped)} would flip"


def _row(report: IndicatorReport, each: Compared, width: int) -> str:
    numbers = "".join(f"{_number(number):>10}" for number in (each.ours, each.theirs, each.own))
    apart = f"{each.difference:+.3f}" if each.difference is not None else ""
    mark = "  FLIPS" if _flips(report, each) else "  differs" if each in report.differing else ""
    name = f"  {each.measured!s:<{width}}"
    return f"{name}{numbers}{apart:>9}{each.tolerance:>7g} {unit(each.measured.measure)}{mark}"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _flips(report: IndicatorReport, each: Compared) -> bool:
    return any(each.measured in outcome.measured for outcome in report.flipped)


def _unanswered(report: IndicatorReport) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in report.compared:
        if each not in report.answered:
            found.setdefault(each.verdict.value, []).append(str(each.measured))
    return found
