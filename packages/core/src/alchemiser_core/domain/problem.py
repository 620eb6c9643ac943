"""What a person is told when something expected went wrong: what, where, why and what to do.

Every typed error of the core can say itself as a `Problem`; the command line prints these and
nothing else, so that an error looks the same whether it came from a file, a symphony or a feed.
"""

from typing import Protocol

from attrs import frozen


@frozen
class Problem:
    """One thing that is wrong, in words for a person and a code for a machine."""

    code: str
    """Stable, kebab-case, e.g. `insufficient-history`."""
    what: str
    """What is wrong, one sentence without a full stop."""
    where: str = ""
    """File and line, symbol and date, or configuration path; empty where there is no place."""
    why: str = ""
    """The rule that was broken."""
    hint: str = ""
    """What the reader can do about it."""

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        reason = f" ({self.why})" if self.why else ""
        advice = f"; {self.hint}" if self.hint else ""
        return f"{place}{self.what}{reason}{advice}"


class Explainable(Protocol):
    """An error value that can tell a person about itself."""

    def problems(self) -> tuple[Problem, ...]:
        """All of it, never only the first."""
        ...
