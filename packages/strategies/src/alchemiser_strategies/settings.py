"""What a user can set on the strategies written by hand.

The classes are filled strictly from configuration; what a type cannot say (a share between 0 and
1, a text that is a ticker) is found by `problems_of`, all of it at once.
"""

from collections.abc import Iterator, Mapping

from attrs import frozen
from returns.result import Failure

from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.rebalance_policy import Frequency
from alchemiser_core.domain.symbol import Symbol, parse_symbol


@frozen
class SixtyFortySettings:
    """What to hold, how much of it, and how often to trade back to it."""

    stocks: str = "SPY"
    bonds: str = "AGG"
    stock_share: float = 0.6
    """Fraction of equity in stocks, above 0 and below 1; bonds get the rest."""
    frequency: Frequency = Frequency.QUARTERLY

    def symbols(self) -> Mapping[str, str]:
        """The symbols, by the name of the setting."""
        return {"stocks": self.stocks, "bonds": self.bonds}

    def problems(self) -> Iterator[Problem]:
        """Everything wrong but the symbols."""
        if not 0 < self.stock_share < 1:
            yield _wrong("stock_share", self.stock_share, "a fraction above 0 and below 1")
        if canonical(self.stocks) == canonical(self.bonds):
            yield _wrong("bonds", self.bonds, "another symbol than that of stocks")


@frozen
class DualMomentumSettings:
    """The four symbols, and the sessions over which their returns are compared."""

    stocks: str = "SPY"
    foreign: str = "EFA"
    bills: str = "BIL"
    bonds: str = "AGG"
    window: int = 252
    """Sessions, 1 to 5,000; 252 are a year."""
    frequency: Frequency = Frequency.MONTHLY

    def symbols(self) -> Mapping[str, str]:
        """The symbols, by the name of the setting."""
        return {
            "stocks": self.stocks,
            "foreign": self.foreign,
            "bills": self.bills,
            "bonds": self.bonds,
        }

    def problems(self) -> Iterator[Problem]:
        """Everything wrong but the symbols."""
        if not 1 <= self.window <= 5_000:
            yield _wrong("window", self.window, "a number of sessions from 1 to 5,000")


def problems_of(settings: SixtyFortySettings | DualMomentumSettings) -> tuple[Problem, ...]:
    """Everything wrong with the settings; `where` is the name of the setting."""
    found = list(settings.problems())
    for name, text in settings.symbols().items():
        match parse_symbol(text):
            case Failure(bad):
                found.extend(Problem(p.code, p.what, name, p.why, p.hint) for p in bad.problems())
    return tuple(found)


def canonical(text: str) -> Symbol:
    """The symbol that a text stands for; the text itself where it is none."""
    return parse_symbol(text).value_or(Symbol(text))


def _wrong(setting: str, value: object, expected: str) -> Problem:
    return Problem("wrong-setting", f"{setting} is {value}", setting, f"it has to be {expected}")
