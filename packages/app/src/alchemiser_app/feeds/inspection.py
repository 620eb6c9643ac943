"""What a folder of bars holds, symbol by symbol: range, gaps, and everything that is odd in it."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Protocol, runtime_checkable

import numpy as np
from attrs import frozen
from numpy.typing import NDArray
from returns.result import Result

from alchemiser_core.domain.bars import BadPrice, PriceBasis, Sessions
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.market_data import MarketDataUnavailable


@frozen
class Gap:
    """Sessions without a price between two with one."""

    first: date
    last: date
    sessions: int


@frozen
class SymbolReport:
    """What is there of one symbol."""

    symbol: Symbol
    file: str
    """Empty where the feed has no files."""
    first: date | None
    """First session with a price; `None` where there is none."""
    last: date | None
    rows: int
    """Sessions with a price."""
    gaps: tuple[Gap, ...]
    basis: PriceBasis
    bad_prices: tuple[BadPrice, ...]
    warnings: tuple[Problem, ...]
    earlier_rows: int
    """Rows from before the first session: dropped, as the axis does not reach back to them."""


@frozen(eq=False)
class DataReport:
    """What a feed holds."""

    source: str
    synthetic: bool
    sessions: Sessions
    symbols: tuple[SymbolReport, ...]
    missing: tuple[Symbol, ...]
    """Asked for, and not there."""
    problems: tuple[Problem, ...]
    """Errors: the files they stand in are not among `symbols`."""
    beside: tuple[str, ...] = ()
    """What is there, too, and was not looked at, in words: prices of another basis."""

    def strict_problems(self) -> tuple[Problem, ...]:
        """Everything that a strict reader refuses: errors, warnings, bad and missing prices."""
        found = list(self.problems)
        for symbol in self.missing:
            found.append(Problem(code="missing-symbol", what="there are no bars", where=symbol))
        for report in self.symbols:
            found += report.warnings
            found += bad_price_problems(report.file or report.symbol, report.bad_prices)
        return tuple(found)


@runtime_checkable
class Inspectable(Protocol):
    """A feed that can say what it holds."""

    def inspect(
        self, symbols: Collection[Symbol] | None = None
    ) -> Result[DataReport, MarketDataUnavailable]:
        """What there is of `symbols`, of everything where none are given."""
        ...


def bad_price_problems(where: str, bad: Iterable[BadPrice]) -> list[Problem]:
    """Each unusable price as a problem."""
    return [
        Problem(
            code="bad-price",
            what=f"the price {price.value:g} of {price.session} counts as missing",
            where=where,
            why="prices are from 0.000000001 to 1,000,000,000,000 US dollars",
            hint="fetch the file again or clear the cell",
        )
        for price in bad
    ]


def gaps_in(sessions: Sessions, close: NDArray[np.float64]) -> tuple[Gap, ...]:
    """Runs of sessions without a price, between the first price and the last."""
    priced = np.flatnonzero(~np.isnan(close))
    holes = np.flatnonzero(np.diff(priced) > 1)
    return tuple(
        Gap(
            first=sessions[priced[i] + 1].item(),
            last=sessions[priced[i + 1] - 1].item(),
            sessions=int(priced[i + 1] - priced[i] - 1),
        )
        for i in holes
    )


def report_on(
    symbol: Symbol,
    sessions: Sessions,
    close: NDArray[np.float64],
    basis: PriceBasis,
    file: str = "",
    bad_prices: tuple[BadPrice, ...] = (),
    warnings: tuple[Problem, ...] = (),
    earlier_rows: int = 0,
) -> SymbolReport:
    """The report on the closes of one symbol, laid out along all sessions."""
    priced = np.flatnonzero(~np.isnan(close))
    return SymbolReport(
        symbol=symbol,
        file=file,
        first=sessions[priced[0]].item() if len(priced) else None,
        last=sessions[priced[-1]].item() if len(priced) else None,
        rows=len(priced),
        gaps=gaps_in(sessions, close),
        basis=basis,
        bad_prices=bad_prices,
        warnings=warnings,
        earlier_rows=earlier_rows,
    )
