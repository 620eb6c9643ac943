"""A kill switch that a test throws, at once or after some looks at it."""

from attrs import define, field


@define
class SettableKillSwitch:
    """Thrown while it has a reason."""

    reason: str | None = None
    throws_after: int | None = None
    """How often it is still looked at before it is thrown by itself."""
    looks: int = field(default=0, init=False)
    """How often it was looked at."""

    def thrown(self) -> str | None:
        """Why nothing may be sent any more; `None` while all is well."""
        if self.throws_after is not None and self.looks >= self.throws_after:
            self.throw("thrown after so many looks")
        self.looks += 1
        return self.reason

    def throw(self, why: str) -> None:
        """From now on it is thrown."""
        self.reason = why

    def release(self) -> None:
        """All is well again."""
        self.reason, self.throws_after = None, None
