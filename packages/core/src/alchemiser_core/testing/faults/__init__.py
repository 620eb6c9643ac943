"""The trading cycle under faults: worlds to run it in, a judge of what came of it, and sweeps.

Needs neither pytest nor Hypothesis, so that a sweep can be run wherever the program is installed.
"""

from alchemiser_core.testing.faults.harness import Outcome, Program, run
from alchemiser_core.testing.faults.judge import judge
from alchemiser_core.testing.faults.story import story
from alchemiser_core.testing.faults.sweep import DAYS, Failed, Tally, replay, sweep
from alchemiser_core.testing.faults.trading import Trading
from alchemiser_core.testing.faults.violation import Invariant, Violation
from alchemiser_core.testing.faults.world import World, world

__all__ = [
    "DAYS",
    "Failed",
    "Invariant",
    "Outcome",
    "Program",
    "Tally",
    "Trading",
    "Violation",
    "World",
    "judge",
    "replay",
    "run",
    "story",
    "sweep",
    "world",
]
