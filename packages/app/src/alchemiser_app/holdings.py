"""What an account holds, from a CSV file `symbol,quantity`; cash is the symbol `CASH`."""

import csv
from decimal import Decimal, InvalidOperation
from pathlib import Path

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_core.domain.money import Usd
from alchemiser_core.domain.portfolio.portfolio import Portfolio, funded, holding
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.symbol import CASH, Symbol, parse_symbol

_LARGEST = 4 * 1024 * 1024
LARGEST_QUANTITY = Decimal(10) ** 15
"""Shares or dollars; beyond it sums in floating point lose the cents."""
_ROWS = "one line a symbol, like SPY,12.5; cash as CASH,1000"
_HEADER = f"begin the file with the line symbol,quantity; after it {_ROWS}"


@frozen
class BadHoldings:
    """A holdings file that cannot be used, with every fault in it."""

    found: tuple[Problem, ...]

    def problems(self) -> tuple[Problem, ...]:
        """What was found, each with its line."""
        return self.found


def only_cash(cash: Decimal) -> Result[Portfolio, BadHoldings]:
    """An account of nothing but cash."""
    return Success(funded(Usd(cash)))


def read_holdings(name: str) -> Result[Portfolio, BadHoldings]:
    """The portfolio in a file. Failure: it cannot be read, or every wrong line in it."""
    try:
        with Path(name).open("rb") as file:
            text = file.read(_LARGEST + 1).decode("utf-8-sig")
    except OSError as error:
        return _refused(name, f"the holdings cannot be read: {error.strerror or error}")
    except UnicodeDecodeError:
        return _refused(name, "the holdings are not UTF-8 text")
    if len(text) > _LARGEST:
        return _refused(name, f"the holdings are longer than {_LARGEST} bytes")
    return _parsed(name, text)


def _parsed(name: str, text: str) -> Result[Portfolio, BadHoldings]:
    lines = list(csv.reader(text.splitlines()))
    if not lines or [cell.strip().lower() for cell in lines[0]] != ["symbol", "quantity"]:
        return _refused(f"{name}:1", "the first line is not symbol,quantity", _HEADER)
    quantities: dict[Symbol, Decimal] = {}
    cash: Decimal | None = None
    found: list[Problem] = []
    for number, cells in enumerate(lines[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        line = _line(cells)
        if isinstance(line, str):
            found.append(_problem(f"{name}:{number}", line))
            continue
        symbol, quantity = line
        if (symbol is None and cash is not None) or symbol in quantities:
            found.append(_problem(f"{name}:{number}", f"{symbol or CASH} stands twice"))
        elif symbol is None:
            cash = quantity
        else:
            quantities[symbol] = quantity
    if found:
        return Failure(BadHoldings(tuple(found)))
    return holding(Usd(cash or Decimal(0)), quantities).alt(
        lambda negative: BadHoldings(negative.problems())
    )


def _line(cells: list[str]) -> tuple[Symbol | None, Decimal] | str:
    """Symbol (`None` for cash) and quantity, or what is wrong."""
    if len(cells) != 2:
        return f"{len(cells)} cells where symbol and quantity are expected"
    try:
        quantity = Decimal(cells[1].strip())
    except InvalidOperation:
        return f"{cells[1].strip()[:40]!r} is not a number"
    if not quantity.is_finite() or quantity < 0:
        return f"the quantity {quantity} is negative or not finite"
    if quantity > LARGEST_QUANTITY:
        return f"the quantity {quantity} is more than {LARGEST_QUANTITY:,}"
    if cells[0].strip().upper() == CASH:
        return None, quantity
    symbol = parse_symbol(cells[0])
    if isinstance(symbol, Failure):
        return f"{cells[0].strip()[:24]!r} is not a ticker symbol"
    return symbol.unwrap(), quantity


def _problem(where: str, what: str, hint: str = _ROWS) -> Problem:
    return Problem("bad-holdings", what, where, "", hint)


def _refused(where: str, what: str, hint: str = _ROWS) -> Result[Portfolio, BadHoldings]:
    return Failure(BadHoldings((_problem(where, what, hint),)))
