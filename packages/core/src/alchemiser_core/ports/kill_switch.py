"""The kill-switch port: whether somebody has said stop."""

from typing import Protocol


class KillSwitch(Protocol):
    """Asked before every order. What cannot be read counts as thrown, so no Result."""

    def thrown(self) -> str | None:
        """Why nothing may be sent any more; `None` while all is well."""
        ...
