"""The kept-time port: what a broker that lives at a time of its own gives the application."""

from typing import Protocol, runtime_checkable

from alchemiser_core.domain.session import TradingSession
from alchemiser_core.ports.clock import Clock


@runtime_checkable
class KeepsTime(Protocol):
    """A broker with the capability `keeps_time` has these beside the methods of the port."""

    @property
    def session(self) -> TradingSession:
        """The session that it stands at."""
        ...

    @property
    def clock(self) -> Clock:
        """Its time, which the application goes by; it stands at the slot of the session."""
        ...
