"""What all checks say of a feed, in words and as JSON."""

import math
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from attrs import asdict

from alchemiser_app.bar_checking.whole_check import WholeCheck
from alchemiser_app.counting import counted
from alchemiser_core.config.check_settings import CheckSettings
from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.services.bar_checks import Check, Finding

EACH = 10
"""Findings of one check that are written out where not all are asked for."""


def check_lines(found: WholeCheck, settings: CheckSettings, source: str, each: int) -> list[str]:
    """The report for a person; `each`: how many findings of a check are written out."""
    policies = ", ".join(f"{name} {policy}" for name, policy in policies_of(settings).items())
    lines = [f"{source}: {_extent(found.history)}", f"policies: {policies}"]
    if found.broken:
        lines += ["files that are not sound:", *(f"  {problem}" for problem in found.broken)]
    if found.findings:
        lines += ["a decision by the newest session:", *_lines(found.findings, each)]
    else:
        lines.append("a decision by the newest session: nothing is odd")
    if found.earlier:
        before = f"before the newest {settings.sessions} sessions, where nothing follows from it:"
        lines += [before, *_lines(found.earlier, each, with_policy=False)]
    return lines


def _extent(history: BarHistory) -> str:
    sessions = len(history)
    symbols = counted(len(history.symbols), "symbol")
    if not sessions:
        return f"{symbols}, no sessions"
    first, last = history.session(0), history.session(sessions - 1)
    return f"{symbols}, {counted(sessions, 'session')} from {first} to {last}"


def _lines(findings: Sequence[Finding], each: int, *, with_policy: bool = True) -> Iterator[str]:
    for check, group in groupby(sorted(findings, key=_by_check), key=_by_check):
        same = list(group)
        for finding in same[:each]:
            policy = f"{finding.policy:<8}" if with_policy else ""
            why = f" ({finding.problem.why})" if finding.problem.why else ""
            yield f"  {policy}{check:<15} {finding.problem.what}{why}"
        if len(same) > each:
            yield f"  and {len(same) - each} more of {check} (--all names them)"


def _by_check(finding: Finding) -> str:
    return finding.check.value


def policies_of(settings: CheckSettings) -> dict[str, str]:
    """The policy of each check, by the name of its setting."""
    return {check.value: getattr(settings, check.value).value for check in Check}


def check_json(found: WholeCheck, settings: CheckSettings) -> dict[str, Any]:
    """The same for a program; always all of it."""
    history = found.history
    return {
        "source": history.source,
        "synthetic": history.synthetic,
        "symbols": len(history.symbols),
        "sessions": len(history),
        "start": str(history.session(0)) if len(history) else None,
        "end": str(history.session(len(history) - 1)) if len(history) else None,
        "policies": policies_of(settings),
        "broken": [asdict(problem) for problem in found.broken],
        "findings": [_finding_json(finding) for finding in found.findings],
        "earlier": [_finding_json(finding) for finding in found.earlier],
    }


def _finding_json(finding: Finding) -> dict[str, Any]:
    value = finding.value
    return {
        "check": finding.check.value,
        "policy": finding.policy.value,
        "code": finding.problem.code,
        "symbol": finding.symbol,
        "session": str(finding.session) if finding.session else None,
        "value": repr(value) if value is not None and not math.isfinite(value) else value,
        "what": finding.problem.what,
        "why": finding.problem.why,
    }
