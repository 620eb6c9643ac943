"""Collects what is wrong and what is odd while a symphony is read, checked or expanded."""

from collections.abc import Callable

from alchemiser_core.domain.problem import Problem
from alchemiser_core.symphony.errors import SymphonyError, SymphonyErrors

MOST_ERRORS = 50
"""After so many errors reading stops: the rest would be the same mistake again."""

MOST_WARNINGS = 50
"""So many different warnings are kept, and the others counted."""


class Findings:
    """Errors and warnings so far; one instance for each reading."""

    def __init__(self) -> None:
        self.errors: list[SymphonyError] = []
        self._odd: dict[tuple[str, str], tuple[str, int]] = {}
        self._more = 0
        self._stopped = False

    def add(self, error: SymphonyError) -> None:
        """Keep an error, up to `MOST_ERRORS`."""
        if not self.full and error not in self.errors:
            self.errors.append(error)

    def odd(self, code: str, what: str, where: Callable[[], str]) -> None:
        """Keep a warning; the same one at several places is one warning with a count.

        The place is only worked out for the first, and only for so many different ones.
        """
        if (code, what) in self._odd:
            first, count = self._odd[code, what]
            self._odd[code, what] = (first, count + 1)
        elif len(self._odd) < MOST_WARNINGS:
            self._odd[code, what] = (where(), 1)
        else:
            self._more += 1

    def stop(self, error: SymphonyError) -> None:
        """Keep an error after which going on makes no sense."""
        self.add(error)
        self._stopped = True

    @property
    def full(self) -> bool:
        """Whether more errors would not be kept."""
        return self._stopped or len(self.errors) >= MOST_ERRORS

    @property
    def failure(self) -> SymphonyErrors:
        """The errors as one value."""
        return SymphonyErrors(tuple(self.errors))

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """The warnings, each with its first place."""
        found = [
            Problem(
                code=code,
                what=what if count == 1 else f"{what} ({count} times, first here)",
                where=where,
            )
            for (code, what), (where, count) in self._odd.items()
        ]
        if self._more:
            found.append(Problem(code="more-warnings", what=f"{self._more} more like these"))
        return tuple(found)
