"""What came of a scene so far, read from the simulator, from the journal file and from the tape."""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from alpaca_ledger import core_exchange
from alpaca_secrets import leaks
from alpaca_tape import LOOK_UP, ORDERS, AlpacaTape
from attrs import define, field

from alchemiser_alpaca.simulator.exchange.exchange import Exchange
from alchemiser_alpaca.simulator.http.calls import RequestRecord
from alchemiser_alpaca.simulator.server import RunningSimulator
from alchemiser_core.domain.journal.events import AlertRaised, OrderIntended
from alchemiser_core.domain.money import CENT
from alchemiser_core.domain.orders.identifiers import is_own
from alchemiser_core.services.ledger import Ledger
from alchemiser_core.simulation.exchange import SimulatedExchange
from alchemiser_core.simulation.exchange.resting import ExchangeOrder
from alchemiser_core.simulation.faults.tape import Written
from alchemiser_core.testing.faults.convergence import CASH_NOISE, unconverged
from alchemiser_core.testing.faults.judge import judge

JOURNAL = "alchemiser-journal.db"


@define(eq=False)
class Facts:
    """Everything that can be looked at without changing it."""

    served: RunningSimulator
    folder: Path
    tape: AlpacaTape = field(init=False)
    outputs: list[str] = field(factory=list, init=False)
    """Everything that commands have printed."""

    def __attrs_post_init__(self) -> None:
        self.tape = AlpacaTape(self.served, self.folder / JOURNAL)

    # The simulator

    @property
    def exchange(self) -> Exchange:
        """The account at the simulator."""
        return self.served.exchange

    def core(self) -> SimulatedExchange:
        """The account as core's exchange."""
        with self.served.desk.work():
            found = core_exchange(self.exchange)
        found.state.apply_all(self.tape.not_admitted)
        return found

    def account(self) -> tuple[Decimal, dict[str, Decimal]]:
        """Cash and shares."""
        found = self.core()
        return found.cash, dict(found.held)

    def orders(self) -> list[ExchangeOrder]:
        """Every order that was ever taken."""
        return list(self.core().state.orders.values())

    def order_of(self, symbol: str) -> ExchangeOrder:
        """The newest own order of a symbol."""
        return [o for o in self.orders() if o.symbol == symbol and is_own(o.client_order_id)][-1]

    def foreign(self) -> ExchangeOrder:
        """The newest order of somebody else."""
        return [o for o in self.orders() if not is_own(o.client_order_id)][-1]

    # Requests

    def requests(self) -> list[RequestRecord]:
        """All requests, in the order in which they arrived."""
        return list(self.served.requests)

    def posts(self) -> list[RequestRecord]:
        """The orders that have arrived, whatever became of them."""
        return [r for r in self.requests() if (r.method, r.path) == ("POST", ORDERS)]

    def sent(self) -> list[str]:
        """Their client order ids, each as often as it arrived."""
        return [r.client_order_id or "" for r in self.posts()]

    def sent_for(self, symbol: str) -> int:
        """How many of them were of a symbol."""
        intended = self.today(OrderIntended)
        own = {e.request.client_order_id for e in intended if e.request.symbol == symbol}
        return sum(identifier in own for identifier in self.sent())

    def taken(self) -> list[str]:
        """Client order ids of the own orders that were taken while the scene has lasted."""
        arrived = set(self.sent())
        return [o.client_order_id for o in self.orders() if o.client_order_id in arrived]

    def looked_up(self, client_order_id: str) -> int:
        """How often an order was looked up."""
        return sum(
            (r.path, r.client_order_id) == (LOOK_UP, client_order_id) for r in self.requests()
        )

    def struck(self, kind: str) -> list[RequestRecord]:
        """Requests that met a fault of a kind."""
        return [r for r in self.requests() if kind in r.faults]

    def arrivals(self, symbols: Collection[str]) -> list[datetime]:
        """When orders of some symbols arrived."""
        intended = self.today(OrderIntended)
        own = {e.request.client_order_id for e in intended if e.request.symbol in symbols}
        return [r.at for r in self.posts() if r.client_order_id in own]

    def fills(self, symbols: Collection[str]) -> list[datetime]:
        """When orders of some symbols, of those that have arrived, were executed."""
        arrived = set(self.sent())
        done = self.core().executions
        return [e.at for e in done if e.symbol in symbols and e.client_order_id in arrived]

    # The journal

    def events(self, kind: type) -> list:
        """The journal's events of a kind."""
        self.tape.look_at_the_journal()
        return [e.event for e in self.tape.entries if isinstance(e.event, kind)]

    def today(self, kind: type) -> list:
        """Those that were written while the scene has lasted."""
        self.tape.look_at_the_journal()
        news = self.tape.notes[self.tape.earlier :]
        written = [n.what.entry.event for n in news if isinstance(n.what, Written)]
        return [event for event in written if isinstance(event, kind)]

    def alerts(self) -> set[str]:
        """Codes of what a person was told while the scene has lasted."""
        return {event.alert.code for event in self.today(AlertRaised)}

    def ledger(self) -> Ledger:
        """The fold of the journal."""
        self.tape.look_at_the_journal()
        return Ledger().fold(entry.event for entry in self.tape.entries)

    # The judge

    def assert_obedient(self) -> None:
        """G1, G2, G3, G5, G6 and G7: what has to hold at any time."""
        exchange = self.core()
        self.tape.look_at_the_journal()
        found = judge(exchange, self.tape.notes)
        assert not found, "\n\n".join(map(str, found))
        assert not self.tape.unannounced, f"not in the journal: {self.tape.unannounced}"
        assert not leaks(self.folder, self.outputs, self.served)

    def assert_converged(self) -> None:
        """G4: journal and simulator tell the same, but for the cents that every order is rounded
        to, which Alpaca tells nobody.
        """
        exchange = self.core()
        rounded = CENT * len(exchange.executions) + CASH_NOISE
        found = tuple(unconverged(exchange, self.tape.notes, self.ledger(), rounded))
        assert not found, "\n\n".join(map(str, found))
