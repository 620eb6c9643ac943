"""What bars lack against an exchange calendar, in words and as JSON."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from alchemiser_app.counting import counted, having
from alchemiser_app.feeds.calendar_gaps import CalendarGaps

_NAMED = 5


def gap_lines(found: Sequence[CalendarGaps], calendar: str, through: date) -> list[str]:
    """A line for each symbol that is not clean, and one on all."""
    odd = [each for each in found if not each.is_clean]
    clean = len(found) - len(odd)
    return [
        f"{having(clean, len(found), 'symbol')} every session of {calendar} to {through}",
        *(_line(each) for each in odd),
    ]


def _line(each: CalendarGaps) -> str:
    if each.first is None:
        return f"  {each.symbol:<8}no bars"
    notes = []
    if each.gaps:
        shown = ", ".join(
            str(gap.first) if gap.sessions == 1 else f"{gap.first} to {gap.last}"
            for gap in each.gaps[:_NAMED]
        )
        more = ", …" if len(each.gaps) > _NAMED else ""
        notes.append(f"{counted(each.missing, 'session')} missing ({shown}{more})")
    if each.no_sessions:
        shown = ", ".join(map(str, each.no_sessions[:_NAMED]))
        more = ", …" if len(each.no_sessions) > _NAMED else ""
        notes.append(f"no session: {counted(len(each.no_sessions), 'day')} ({shown}{more})")
    if each.lag:
        notes.append(f"{counted(each.lag, 'session')} behind")
    return f"  {each.symbol:<8}{each.first} to {each.last}  {'; '.join(notes)}"


def gap_json(found: Sequence[CalendarGaps], calendar: str, through: date) -> dict[str, Any]:
    """All of it."""
    return {
        "calendar": calendar,
        "through": through.isoformat(),
        "clean": sum(each.is_clean for each in found),
        "symbols": [_json(each) for each in found],
    }


def _json(each: CalendarGaps) -> dict[str, Any]:
    return {
        "symbol": each.symbol,
        "first": each.first.isoformat() if each.first else None,
        "last": each.last.isoformat() if each.last else None,
        "bars": each.bars,
        "missing": each.missing,
        "gaps": [
            {"first": g.first.isoformat(), "last": g.last.isoformat(), "sessions": g.sessions}
            for g in each.gaps
        ],
        "no_sessions": [day.isoformat() for day in each.no_sessions],
        "sessions_behind": each.lag,
    }
