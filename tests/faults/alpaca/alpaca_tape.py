"""What happened between the program and the simulator, as one sequence of notes for the judge.

The journal is read from its file at the moment in which a request arrives, before anything is done
with it: what is not there then was not durable before the first byte was sent.
"""

import sqlite3
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from urllib.parse import quote

from alpaca_ledger import request_of
from attrs import define, evolve, field

from alchemiser_alpaca.simulator.exchange.entries import OrderRefused, OrderTaken
from alchemiser_alpaca.simulator.http.calls import Call, RequestRecord
from alchemiser_alpaca.simulator.server import RunningSimulator
from alchemiser_core.domain.journal.chain import Record
from alchemiser_core.domain.journal.codec import decode
from alchemiser_core.domain.journal.events import OrderIntended
from alchemiser_core.domain.orders.identifiers import Side, is_own
from alchemiser_core.domain.orders.order import OrderRequest
from alchemiser_core.domain.orders.report import OrderReport, OrderStatus
from alchemiser_core.domain.orders.submission import Rejected, RejectionKind
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.order_journal import JournalEntry
from alchemiser_core.simulation.exchange import Received
from alchemiser_core.simulation.faults.tape import (
    CancelSent,
    Happening,
    Note,
    ReachedBroker,
    ToldOfOrder,
    Written,
)

_ONE = Decimal(1)
_UNAUTHORISED = 401
LOOK_UP = "/v2/orders:by_client_order_id"
ORDERS = "/v2/orders"


@define(eq=False)
class AlpacaTape:
    """Watches one simulator and one journal file; written in the server's thread."""

    served: RunningSimulator
    journal: Path
    notes: list[Note] = field(factory=list)
    entries: list[JournalEntry] = field(factory=list)
    """Of the journal, as far as it was seen."""
    unannounced: list[str] = field(factory=list)
    """Client order ids of requests that arrived, and were not in the journal."""
    calls: int = 0
    """Requests of the running process."""
    not_admitted: list[Received] = field(factory=list)
    """Orders that were answered with 401: refused before the exchange saw them."""
    earlier: int = 0
    """How many of the notes are older than this tape."""
    at_call: Callable[[int, Call], None] = lambda number, call: None
    """What is done when a request arrives, with its number within the process."""
    at_answer: Callable[[int, RequestRecord], None] = lambda number, record: None
    """What is done when the answer is ready and not sent yet."""
    _intents: dict[str, OrderRequest] = field(factory=dict)
    _numbers: dict[int, int] = field(factory=dict)
    _taken: int = 0

    def __attrs_post_init__(self) -> None:
        # What was there before was judged when it happened: now it is only known.
        self.look_at_the_journal()
        self._look_at_the_ledger()
        self.earlier = len(self.notes)
        self.served.desk.after.append(self._look_at_the_ledger)
        self.served.requests.arriving.append(self._arrived)
        self.served.requests.answering.append(self._answered)

    def note(self, what: Happening, at: datetime | None = None) -> None:
        """Write something down."""
        self.notes.append(Note(at or self.served.clock.now(), what))

    def forget_the_journal(self) -> None:
        """The journal was lost, and with it everything that was known of it."""
        self.entries.clear()
        self.notes.clear()
        self._intents.clear()
        self.earlier = 0

    def look_at_the_journal(self) -> None:
        """Note what is durable now and was not before."""
        for entry in read_journal(self.journal, len(self.entries)):
            self.entries.append(entry)
            if isinstance(entry.event, OrderIntended):
                request = entry.event.request
                self._intents[request.client_order_id] = request
            self.note(Written(entry))

    def _arrived(self, call: Call) -> None:
        self.look_at_the_journal()
        self.calls += 1
        self._numbers[call.number] = self.calls
        if (call.method, call.path) == ("POST", ORDERS):
            identifier = call.client_order_id or ""
            if is_own(identifier) and identifier not in self._intents:
                self.unannounced.append(identifier)
        self.at_call(self.calls, call)

    def _answered(self, record: RequestRecord) -> None:
        if record.path == LOOK_UP and record.status in (200, 404):
            self._told(record)
        if (record.method, record.path, record.status) == ("POST", ORDERS, _UNAUTHORISED):
            self._refused(record)
        if record.method == "DELETE" and record.path.startswith(ORDERS):
            self.note(CancelSent(record.path.rpartition("/")[2]))
        self.at_answer(self._numbers[record.number], record)

    def _refused(self, record: RequestRecord) -> None:
        request = self._intents[record.client_order_id or ""]
        refusal = Rejected(RejectionKind.UNAUTHORISED, "unauthorized.")
        received = Received(request, record.at, record.at.date(), None, refusal)
        self.not_admitted.append(received)
        self.note(ReachedBroker(request), record.at)

    def _told(self, record: RequestRecord) -> None:
        identifier = record.client_order_id or ""
        report = None
        if record.status == 200:
            # The judge asks whether there was a report, and not what it said.
            status = OrderStatus.UNRECOGNISED
            report = OrderReport(identifier, "", Symbol("ANY"), Side.BUY, _ONE, status)
        self.note(ToldOfOrder(identifier, report))

    def _look_at_the_ledger(self) -> None:
        """Own orders that the exchange has taken or refused since."""
        entries = self.served.exchange.ledger.entries
        for entry in entries[self._taken :]:
            if isinstance(entry, OrderTaken | OrderRefused):
                request = request_of(entry.ticket, entry.ticket.qty or _ONE)
                if is_own(request.client_order_id):
                    self.note(ReachedBroker(self._in_its_slice(request)), entry.at)
        self._taken = len(entries)

    def _in_its_slice(self, request: OrderRequest) -> OrderRequest:
        """The number of the slice does not go over the wire; all else is compared."""
        intended = self._intents.get(request.client_order_id)
        number = 0 if intended is None else intended.slice_number
        return evolve(request, slice_number=number)


def read_journal(path: Path, after: int = 0) -> list[JournalEntry]:
    """The entries of a journal file behind a number, as any other program finds them there."""
    if not path.exists():
        return []
    connection = sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=5)
    query = (
        "SELECT number, at, kind, body, previous, digest FROM journal_records "
        "WHERE number > ? ORDER BY number"
    )
    try:
        rows = connection.execute(query, (after,)).fetchall()
    except sqlite3.OperationalError as error:
        if "no such table" in str(error):
            return []
        raise
    finally:
        connection.close()
    return [_entry(row) for row in rows]


def _entry(row: tuple[int, str, str, str, str, str]) -> JournalEntry:
    number, at, *texts = row
    record = Record(number, datetime.fromisoformat(at), *texts)
    return JournalEntry(record, decode(record.kind, record.body).unwrap())
