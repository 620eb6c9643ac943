"""How far an account is from its back-test, as a page for a person and an object for a program."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from alchemiser_app.reports.money import money, percent
from alchemiser_core.domain.money import decimal_text
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.services.drift_report import Cause, DecisionDifference, DriftReport

_SHOWN = 10
_WORDS = {
    Cause.DATA: "decisions that would be others by the bars as they are now",
    Cause.TIMING: "sessions that were traded later, or not at all",
    Cause.AMOUNTS: "orders not filled, limits, bands and rounding",
    Cause.PRICE: "fills at other prices than the back-test's",
    Cause.COST: "costs charged otherwise than assumed",
    Cause.OUTSIDE: "deposits, withdrawals, dividends, accepted differences",
    Cause.VALUATION: "valued at other prices than the closes",
}


def drift_lines(target: str, report: DriftReport, source: str) -> Iterator[str]:
    """The page: both equities, and the difference in parts that add up to it."""
    yield f"{target} from {report.start} to {report.end}, against the back-test on {source}"
    yield ""
    yield f"  the account is worth   {money(report.live):>20}"
    yield f"  the back-test          {money(report.backtest):>20}"
    part = report.difference / report.backtest if report.backtest else Decimal(0)
    yield f"  difference             {money(report.difference):>20}  ({percent(part)})"
    yield ""
    for each in report.parts:
        yield f"  {each.cause:<10}{money(each.amount):>18}  {_WORDS[each.cause]}"
    yield from _sessions("traded by the account alone", report.only_live)
    yield from _sessions("traded by the back-test alone", report.only_backtest)
    if report.decisions:
        yield ""
        yield f"{len(report.decisions)} decisions would be others now:"
    for found in report.decisions[:_SHOWN]:
        then, now = _shown(found.then), _shown(found.now)
        yield f"  {found.session} {found.strategy}: then {then}, now {now}"
    if len(report.decisions) > _SHOWN:
        yield f"  and {len(report.decisions) - _SHOWN} more (--json has all)"


def _sessions(what: str, days: tuple[date, ...]) -> Iterator[str]:
    if days:
        shown = ", ".join(str(day) for day in days[:_SHOWN])
        more = f" and {len(days) - _SHOWN} more" if len(days) > _SHOWN else ""
        yield f"  {what}: {shown}{more}"


def _shown(weights: Mapping[Symbol, Decimal] | None) -> str:
    if weights is None:
        return "undecidable"
    return ", ".join(f"{s} {percent(w)}" for s, w in weights.items() if w) or "cash"


def drift_json(target: str, report: DriftReport, *, synthetic: bool) -> dict[str, Any]:
    """`report drift --json`; money and weights are strings."""
    return {
        "target": target,
        "start": report.start.isoformat(),
        "end": report.end.isoformat(),
        "synthetic": synthetic,
        "equity": decimal_text(report.live),
        "backtest": decimal_text(report.backtest),
        "difference": decimal_text(report.difference),
        "parts": {part.cause.value: decimal_text(part.amount) for part in report.parts},
        "only_account": [day.isoformat() for day in report.only_live],
        "only_backtest": [day.isoformat() for day in report.only_backtest],
        "decisions": [_decision(found) for found in report.decisions],
    }


def _decision(found: DecisionDifference) -> dict[str, Any]:
    return {
        "strategy": found.strategy,
        "session": found.session.isoformat(),
        "then": _weights(found.then),
        "now": _weights(found.now),
    }


def _weights(decided: Mapping[Symbol, Decimal] | None) -> dict[str, str] | None:
    if decided is None:
        return None
    return {symbol: decimal_text(weight) for symbol, weight in decided.items()}
