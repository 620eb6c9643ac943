"""What a person does with a paper account beside trading: look, pay in and out, start anew."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_app.paper.account import account_of, make_account, open_account
from alchemiser_app.paper.numbers import PREFIX, aside_name, counted, known_numbers
from alchemiser_app.paper.refusals import PaperRefused, refused
from alchemiser_app.paper.store import put_aside, read_entries
from alchemiser_core.domain.account import Activity
from alchemiser_core.domain.money import CENT, Usd, decimal_text
from alchemiser_core.domain.orders.report import OrderReport
from alchemiser_core.domain.symbol import Symbol


@frozen
class PaperStatement:
    """What a paper account has, as of the session that it stood at last."""

    number: str
    cash: Usd
    held: Mapping[Symbol, Decimal]
    closes: Mapping[Symbol, Decimal]
    """US dollars a share when the account was last traded, of symbols that had a price."""
    session: date | None
    """`None` where it has never been traded."""
    open_orders: tuple[OrderReport, ...]
    activities: tuple[Activity, ...]

    def as_json(self) -> dict[str, Any]:
        """Money, quantities and prices as exact texts."""
        return {
            "number": self.number,
            "session": self.session.isoformat() if self.session else None,
            "cash": decimal_text(self.cash),
            "positions": [
                {
                    "symbol": symbol,
                    "quantity": decimal_text(quantity),
                    "last_close": decimal_text(self.closes[symbol])
                    if symbol in self.closes
                    else None,
                }
                for symbol, quantity in sorted(self.held.items())
            ],
            "open_orders": [order.client_order_id for order in self.open_orders],
            "activities": len(self.activities),
        }

    def lines(self) -> list[str]:
        """The same for a person."""
        stands = f"stands at {self.session}" if self.session else "has not been traded yet"
        lines = [f"paper account {self.number}, {stands}", f"  cash  {self.cash:>18,.2f} USD"]
        for symbol, quantity in sorted(self.held.items()):
            close = self.closes.get(symbol)
            price = "" if close is None else f" at {decimal_text(close)}"
            lines.append(f"  {symbol:<12}{decimal_text(quantity)} shares{price}")
        lines += [f"  open: {o.side} {o.symbol}, {o.client_order_id}" for o in self.open_orders]
        return lines


def statement(path: Path) -> Result[PaperStatement, PaperRefused]:
    """Read an account, while another process may be trading it."""
    entries = read_entries(path)
    if isinstance(entries, Failure):
        return Failure(entries.failure())
    account = account_of(entries.unwrap(), str(path))
    if isinstance(account, Failure):
        return Failure(account.failure())
    exchange, stood = account.unwrap()
    return Success(
        PaperStatement(
            number=exchange.number,
            cash=exchange.cash,
            held=exchange.held,
            closes=stood.closes if stood else {},
            session=stood.session.day if stood else None,
            open_orders=exchange.orders(date.max),
            activities=tuple(exchange.state.activities),
        )
    )


def pay(path: Path, amount: Decimal) -> Result[PaperStatement, PaperRefused]:
    """Pay in, or out where the amount is below 0; durable when it returns.

    Refused: no whole cents, more than the free cash, an account that cannot be written.
    """
    if not amount or amount != amount.quantize(CENT):
        why = "an amount above 0 in whole cents is expected"
        return Failure(refused("paper-amount", f"{abs(amount)} cannot be moved", "AMOUNT", why))
    opened = open_account(path)
    if isinstance(opened, Failure):
        return Failure(opened.failure())
    account = opened.unwrap()
    exchange, day, at = account.exchange, account.day, account.time
    try:
        if amount > 0:
            exchange.deposit(amount, day, at)
        elif isinstance(outcome := exchange.withdraw(-amount, day, at), Failure):
            what, hint = f"{-amount} US dollars cannot be withdrawn", "sell something first"
            return Failure(refused("paper-cash", what, str(path), outcome.failure().message, hint))
        saved = account.save(at)
    finally:
        account.close()
    return saved.bind(lambda _: statement(path))


def start_anew(path: Path, cash: Decimal) -> Result[PaperStatement, PaperRefused]:
    """Put the account aside, whatever state it is in, and make one with the next number."""
    if cash < 0 or cash != cash.quantize(CENT):
        why = "0 or more, in whole cents"
        return Failure(refused("paper-amount", f"no account starts with {cash}", "--cash", why))
    before = statement(path)
    # A file that cannot be read had a number too; those after the first have left a file aside.
    now = 0 if not path.exists() else 1
    if not isinstance(before, Failure):
        now = counted(before.unwrap().number)
    numbered = f"{PREFIX}{max(now, *known_numbers(path)) + 1}"
    aside = put_aside(path, aside_name(numbered))
    if isinstance(aside, Failure):
        return Failure(aside.failure())
    made = make_account(path, numbered, Usd(cash))
    return made.bind(lambda _: statement(path))
