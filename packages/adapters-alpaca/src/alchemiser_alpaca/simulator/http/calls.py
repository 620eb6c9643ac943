"""Requests as values, and the record of all of them that tests and people read."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

from attrs import define, field, frozen

from alchemiser_alpaca.simulator.http.connections import Address

KEPT = 100_000
"""Requests that the record holds; older ones are dropped."""


@frozen
class Call:
    """One request to the API, read in full."""

    number: int
    """1 for the first request since the start."""
    at: datetime
    """Time of the simulator's clock."""
    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    """Names in small letters."""
    body: bytes
    client: Address

    @property
    def client_order_id(self) -> str | None:
        """That of the order which the request names, where it names one."""
        asked = parse_qs(self.query).get("client_order_id")
        if asked:
            return asked[0]
        given = _table(self.body).get("client_order_id") if self.method != "GET" else None
        return given if isinstance(given, str) else None


def _table(body: bytes) -> dict[str, Any]:
    try:
        content = json.loads(body or b"null")
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


@define
class RequestRecord:
    """What is kept of a request: no header, and so no key."""

    number: int
    at: datetime
    method: str
    path: str
    query: str
    client_order_id: str | None
    status: int | None = None
    """`None` while it is not answered, 0 where it never was."""
    faults: tuple[str, ...] = ()
    """Kinds of the faults that it met."""


@define
class RequestLog:
    """Every request to the API since the start, the oldest first.

    Whoever watches is called in the server's thread, which waits meanwhile.
    """

    total: int = 0
    arriving: list[Callable[[Call], None]] = field(factory=list)
    """Called when a request was read, before anything happens to it."""
    answering: list[Callable[[RequestRecord], None]] = field(factory=list)
    """Called when the answer to a request is known, before any of it is sent."""
    _records: list[RequestRecord] = field(factory=list)

    def opened(self, call: Call) -> RequestRecord:
        """A request has come in."""
        record = RequestRecord(
            call.number, call.at, call.method, call.path, call.query, call.client_order_id
        )
        self._records.append(record)
        if len(self._records) > KEPT:
            del self._records[: KEPT // 10]
        for each in self.arriving:
            each(call)
        return record

    def answered(self, record: RequestRecord, status: int) -> None:
        """The answer to a request is known; 0 for none."""
        record.status = status
        for each in self.answering:
            each(record)

    def next_number(self) -> int:
        """The number of the request that comes in now."""
        self.total += 1
        return self.total

    def __iter__(self) -> Iterator[RequestRecord]:
        return iter(tuple(self._records))

    def __len__(self) -> int:
        return len(self._records)

    def clear(self) -> None:
        """Forget the records; numbers go on."""
        self._records.clear()
