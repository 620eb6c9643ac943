"""A stream of order updates that repeats, shuffles, loses, delays and invents what it tells."""

from collections.abc import Callable
from datetime import datetime

from attrs import define, evolve, field

from alchemiser_core.domain.money import NO_MONEY, ZERO
from alchemiser_core.domain.orders.report import OrderReport, OrderStatus
from alchemiser_core.ports.order_updates import OrderUpdates
from alchemiser_core.simulation.faults.kinds import FaultKind, Operation
from alchemiser_core.simulation.faults.plan import Fault
from alchemiser_core.simulation.faults.script import FaultScript

Reports = tuple[OrderReport, ...]


@define
class FaultyUpdates:
    """`OrderUpdates` over another one, as one process has it open."""

    inner: OrderUpdates
    script: FaultScript
    _told: list[OrderReport] = field(factory=list, init=False)
    """Everything that was told so far, to be told again."""
    _kept: list[OrderReport] = field(factory=list, init=False)
    """What a mute stream has not told yet."""

    def wait(self, until: datetime) -> Reports:
        """Wait until something came or the time is there, and return what came, or worse."""
        faults = self.script.due(Operation.WAIT)
        came = self.inner.wait(until)
        for fault in faults:
            came = self._through(fault, came)
        if self._kept and not any(f.kind is FaultKind.UPDATES_MUTE for f in faults):
            came = (*self._kept, *came)
            self._kept.clear()
        self._told.extend(came)
        return came

    def _through(self, fault: Fault, came: Reports) -> Reports:
        bad = _WAYS[fault.kind](self, fault, came)
        if bad != came:
            self.script.tape.struck(fault.kind, f"{len(came)} became {len(bad)}")
        return bad

    def _repeated(self, fault: Fault, came: Reports) -> Reports:
        return (*came, *came, *self._told)

    def _out_of_order(self, fault: Fault, came: Reports) -> Reports:
        # What stood before stands behind: an order that has filled is reported open again.
        return (*reversed(came), *(_as_new(report) for report in came), *self._told[-2:])

    def _lost(self, fault: Fault, came: Reports) -> Reports:
        return ()

    def _mute(self, fault: Fault, came: Reports) -> Reports:
        self._kept.extend(came)
        return ()

    def _unknown(self, fault: Fault, came: Reports) -> Reports:
        if fault.variant:
            return (*came, *(evolve(r, status=OrderStatus.UNRECOGNISED) for r in came))
        return (
            *came,
            *(evolve(r, client_order_id="somebody-else", quantity=r.quantity) for r in came),
        )


def _as_new(report: OrderReport) -> OrderReport:
    return evolve(
        report, status=OrderStatus.OPEN, filled_quantity=ZERO, filled_value=NO_MONEY, costs=NO_MONEY
    )


_WAYS: dict[FaultKind, Callable[[FaultyUpdates, Fault, Reports], Reports]] = {
    FaultKind.UPDATE_REPEATED: FaultyUpdates._repeated,
    FaultKind.UPDATES_OUT_OF_ORDER: FaultyUpdates._out_of_order,
    FaultKind.UPDATES_LOST: FaultyUpdates._lost,
    FaultKind.UPDATES_MUTE: FaultyUpdates._mute,
    FaultKind.UPDATE_UNKNOWN: FaultyUpdates._unknown,
}
