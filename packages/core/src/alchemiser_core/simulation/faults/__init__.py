"""Faults: a broker, a stream, a journal and a process that fail as a plan has it.

A plan is data, drawn from a seed or written by hand; the same plan always fails in the same way.
"""

from alchemiser_core.simulation.faults.broker import FaultyBroker
from alchemiser_core.simulation.faults.draws import DRAWS, Draw
from alchemiser_core.simulation.faults.journal import FaultyJournal
from alchemiser_core.simulation.faults.killed import ProcessKilled
from alchemiser_core.simulation.faults.kinds import FaultKind, Operation
from alchemiser_core.simulation.faults.levers import HAND, Levers
from alchemiser_core.simulation.faults.plan import Fault, FaultPlan
from alchemiser_core.simulation.faults.schedule import Rates, schedule
from alchemiser_core.simulation.faults.script import FaultScript
from alchemiser_core.simulation.faults.switch import FaultySwitch
from alchemiser_core.simulation.faults.tape import Note, Tape
from alchemiser_core.simulation.faults.updates import FaultyUpdates

__all__ = [
    "DRAWS",
    "HAND",
    "Draw",
    "Fault",
    "FaultKind",
    "FaultPlan",
    "FaultScript",
    "FaultyBroker",
    "FaultyJournal",
    "FaultySwitch",
    "FaultyUpdates",
    "Levers",
    "Note",
    "Operation",
    "ProcessKilled",
    "Rates",
    "Tape",
    "schedule",
]
