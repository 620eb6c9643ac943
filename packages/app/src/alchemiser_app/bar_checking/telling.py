"""What checks have found, as the alerts of a cycle: a few of each check, the rest counted."""

from collections.abc import Iterable
from itertools import groupby

from alchemiser_core.domain.alert import Alert, Severity
from alchemiser_core.services.bar_checks import Finding

_EACH = 5
"""Findings of one check that are told one by one."""


def alerts_of(findings: Iterable[Finding]) -> tuple[Alert, ...]:
    """An alert for each finding, and one for those that are too many."""
    alerts: list[Alert] = []
    by_check = sorted(findings, key=lambda finding: finding.check)
    for check, group in groupby(by_check, key=lambda finding: finding.check):
        found = list(group)
        alerts += map(_alert, found[:_EACH])
        if len(found) > _EACH:
            more = len(found) - _EACH
            text = f"and {more} more of the check {check}: alchemiser data check names them"
            alerts.append(Alert(found[0].problem.code, Severity.WARNING, text))
    return tuple(alerts)


def _alert(finding: Finding) -> Alert:
    problem = finding.problem
    return Alert(problem.code, Severity.WARNING, str(problem), finding.symbol or "")
