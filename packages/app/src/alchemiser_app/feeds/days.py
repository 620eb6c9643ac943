"""Dates of daily bars as texts write them, reduced to a day where that is unambiguous."""

import re
from datetime import UTC, date, datetime

_PLAIN = re.compile(r"(\d{4})([-/]?)(\d{2})\2(\d{2})")
_EVENING_ELSEWHERE = 4
"""Hours (UTC) in which it is still the evening before in New York, summer or winter."""


def parse_day(text: str) -> date | str:
    """The day that `text` names, or why it names none.

    `2020-01-02`, `2020/01/02` and `20200102` are days. A time of day is dropped: the date is the
    one that is written. Where a time carries a zone and is not midnight, the date written and
    the date in New York have to be the same; where they are not, the row could belong to either.
    """
    text = text.strip()
    if not text.isascii():
        return "it is not a date of the form YYYY-MM-DD"
    plain = _PLAIN.fullmatch(text)
    try:
        if plain:
            return date(int(plain[1]), int(plain[3]), int(plain[4]))
        if not _PLAIN.match(text):
            return "it is not a date of the form YYYY-MM-DD"
        moment = datetime.fromisoformat(text.replace("/", "-"))
    except ValueError as error:
        return str(error)
    return reduce_to_day(moment)


def reduce_to_day(moment: datetime) -> date | str:
    """The date that `moment` is written with, or why that is ambiguous."""
    if moment.tzinfo is None or (moment.hour, moment.minute, moment.second) == (0, 0, 0):
        return moment.date()
    try:
        universal = moment.astimezone(UTC)
    except OverflowError as error:
        return str(error)
    in_new_york = universal.toordinal() - (universal.hour < _EVENING_ELSEWHERE)
    if in_new_york != moment.toordinal():
        return "the date in New York at that time is another one"
    return moment.date()
