"""The quotes port: the market as it stands now."""

from collections.abc import Collection, Mapping
from typing import Protocol, runtime_checkable

from attrs import frozen
from returns.result import Result

from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.quote import Quote
from alchemiser_core.domain.symbol import Symbol


@frozen
class QuotesUnavailable:
    """No quotes could be had at all."""

    found: tuple[Problem, ...]

    def problems(self) -> tuple[Problem, ...]:
        """What went wrong."""
        return self.found


@runtime_checkable
class Quotes(Protocol):
    """Latest quotes; nothing is promised of their quality (`Quote.faults` judges it)."""

    def quotes(
        self, symbols: Collection[Symbol]
    ) -> Result[Mapping[Symbol, Quote], QuotesUnavailable]:
        """The latest quote of each symbol; a symbol without one is not in the answer."""
        ...
