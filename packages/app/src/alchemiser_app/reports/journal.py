"""Entries of a journal for a person and for a program."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, date
from typing import Any

from alchemiser_core.domain.journal.codec import kind_of
from alchemiser_core.domain.journal.events import CycleOpened
from alchemiser_core.ports.order_journal import JournalEntry

_LONGEST = 160
"""Characters that a line tells of an event; the whole is in the JSON."""


def of_cycle(entries: Iterable[JournalEntry], day: date) -> Iterator[JournalEntry]:
    """What was written from the opening of a trading day's cycles to that of the next day's."""
    inside = False
    for entry in entries:
        if isinstance(entry.event, CycleOpened):
            inside = entry.event.cycle.trading_day == day
        if inside:
            yield entry


def of_kind(entries: Iterable[JournalEntry], kind: str) -> Iterator[JournalEntry]:
    """The entries of one kind."""
    return (entry for entry in entries if kind_of(entry.event) == kind)


def entry_line(entry: JournalEntry) -> str:
    """Number, time, kind and what fits on a line of the rest."""
    record = entry.record
    said = ", ".join(_parts(json.loads(record.body)))
    cut = said if len(said) <= _LONGEST else said[: _LONGEST - 1] + "…"
    at = record.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    return f"{record.number:>7}  {at}  {record.kind:<25}{_clean(cut)}".rstrip()


def entry_json(entry: JournalEntry) -> dict[str, Any]:
    """The whole entry, the event as it is kept."""
    record = entry.record
    return {
        "number": record.number,
        "at": record.at.isoformat(),
        "kind": record.kind,
        "event": json.loads(record.body),
        "previous": record.previous,
        "digest": record.digest,
    }


def json_lines(entries: Iterable[JournalEntry]) -> str:
    """An object on each line, written so that the hash of an entry can be made again from it."""
    return "".join(
        json.dumps(entry_json(entry), sort_keys=True, separators=(",", ":")) + "\n"
        for entry in entries
    )


def _parts(data: Any, path: str = "") -> Iterator[str]:
    """`name value` for everything that is there, the names of what it is in before it."""
    if isinstance(data, dict):
        for name, value in data.items():
            yield from _parts(value, f"{path}.{name}" if path else name)
    elif isinstance(data, list):
        for value in data:
            yield from _parts(value, path)
    elif data is not None and data != "":
        yield f"{path} {data}"


def _clean(text: str) -> str:
    """Without control characters: what a broker has written must not write to the terminal."""
    return "".join(c if c.isprintable() else "�" for c in text)
