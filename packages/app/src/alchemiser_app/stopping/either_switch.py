"""Several kill switches as one."""

from collections.abc import Iterable

from alchemiser_core.ports.kill_switch import KillSwitch


class EitherSwitch:
    """`KillSwitch` that is thrown while any of some switches is."""

    def __init__(self, switches: Iterable[KillSwitch]) -> None:
        self._switches = tuple(switches)

    def thrown(self) -> str | None:
        """Why the first of them is thrown; `None` while none is."""
        return next((why for each in self._switches if (why := each.thrown()) is not None), None)
