"""A kill switch that somebody throws in the middle of a cycle."""

from attrs import define

from alchemiser_core.simulation.faults.kinds import FaultKind
from alchemiser_core.simulation.faults.script import FaultScript


@define
class FaultySwitch:
    """`KillSwitch` that is thrown when the script says so, until the end of the day."""

    script: FaultScript

    def thrown(self) -> str | None:
        """Why nothing may be sent any more; `None` while all is well."""
        thrown = self.script.still(FaultKind.KILL_SWITCH)
        return None if thrown is None else "thrown in the simulation"
