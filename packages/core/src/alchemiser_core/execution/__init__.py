"""The execution of a plan as a state machine: `(state, event) -> (state, records, commands)`.

It has no thread, no sleep and no socket. It says what to write down, what to do next and when to be
woken; whoever drives it does so, in that order, and tells what came of it. So the same machine runs
against a broker in real time, in a rehearsal, and under thousands of seeded fault schedules.
"""

from alchemiser_core.execution.machine import begin, step
from alchemiser_core.execution.resume import resume
from alchemiser_core.execution.rules import ExecutionRules, Market, ProgressiveLimit, Tactic
from alchemiser_core.execution.state import ExecutionState
from alchemiser_core.execution.turn import Step

__all__ = [
    "ExecutionRules",
    "ExecutionState",
    "Market",
    "ProgressiveLimit",
    "Step",
    "Tactic",
    "begin",
    "resume",
    "step",
]
