"""Where an account stands, for a person."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from alchemiser_app.reports.account_status import AccountStatus, Holding
from alchemiser_app.reports.alerts import alert_lines, moment
from alchemiser_app.reports.money import money, money_that_adds_up, percent, price, quantity
from alchemiser_app.reports.orders import order_table
from alchemiser_app.reports.status_report import StatusReport
from alchemiser_core.services.cycle.deciding import REDUCING

_NAME = 14
_UNKNOWN = "not known"


def status_lines(report: StatusReport) -> Iterator[str]:
    """The page."""
    yield _whose(report)
    written = f", the last of {moment(report.written)}" if report.written else ""
    yield f"journal {report.where}, {report.entries:,} entries{written}"
    yield from _halt_lines(report)
    yield from _cycle_lines(report)
    if report.status is None:
        yield "no books yet: the first alchemiser trade opens them"
    else:
        yield ""
        yield from _account_lines(report.status)
    if report.ledger.noted:
        yield ""
        yield "journal and broker differ (alchemiser reconcile says what to do)"
        yield from (f"  {text}" for text in report.ledger.noted.values())
    if report.alerts:
        yield ""
        yield "last alerts"
        yield from alert_lines(report.alerts)


def _whose(report: StatusReport) -> str:
    identity = report.ledger.identity
    if identity is None:
        return "the journal of no account yet"
    live = "LIVE" if identity.is_live else "paper money"
    return f"{identity.portfolio} on {identity.broker} account {identity.account}, {live}"


def _halt_lines(report: StatusReport) -> Iterator[str]:
    halt = report.ledger.halt
    if halt is not None and halt.code == REDUCING:
        yield f"ONLY SELLS are sent: {halt.why or halt.code}"
    elif halt is not None:
        yield f"HALTED in the journal: {halt.why or halt.code}"
    if report.switch is not None:
        yield f"HALTED by the kill switch: {report.switch}"
    if halt is not None or report.switch is not None:
        yield "  alchemiser resume, once the reason is gone"


def _cycle_lines(report: StatusReport) -> Iterator[str]:
    last = report.last_cycle
    if last is not None and last.closed is not None:
        yield f"last cycle {last.key.trading_day}: {last.outcome}, closed {moment(last.closed)}"
    now = report.open_cycle
    if now is not None:
        yield f"OPEN cycle {now.key.trading_day}, begun {moment(now.opened)}"
        yield "  it runs now; or it was cut off, and the next alchemiser trade takes it up"
        yield from order_table(now.open_orders)


def _account_lines(status: AccountStatus) -> Iterator[str]:
    account = status.account
    if status.sessions:
        yield f"at the prices of {', '.join(map(str, status.sessions))}, US dollars"
    for symbol in status.unpriced:
        yield f"  the journal has no price of {symbol}; what it cost is no price"
    rows = (
        ("equity", account.equity),
        ("cash", account.cash),
        ("put in less taken out", account.contributed),
        ("profit", account.profit),
        ("  realised", account.realised),
        ("  unrealised", account.unrealised),
        ("  dividends, interest, fees", account.income),
        ("costs of trading, in the profit", account.costs),
    )
    yield from (f"{label:<32}{_amount(amount):>18}" for label, amount in rows)
    if account.holdings:
        yield ""
        yield f"{'holding':<9}{'shares':>18}{'price':>13}{'value':>18}{'unrealised':>18}"
        yield from map(_holding_line, account.holdings)
    yield ""
    yield from _book_lines(status)


def _holding_line(holding: Holding, indent: str = "") -> str:
    each = price(holding.mark.price) if holding.mark is not None else "no price"
    return (
        f"{indent + holding.symbol:<9}{quantity(holding.quantity):>18}{each:>13}"
        f"{_amount(holding.value):>18}{_amount(holding.unrealised):>18}"
    )


def _book_lines(status: AccountStatus) -> Iterator[str]:
    shown = (*status.books, *status.former)
    columns = (
        ("equity", *_column([book.equity for book in shown])),
        ("cash", *_column([book.cash for book in shown])),
        ("realised", *_column([book.realised for book in shown])),
        ("unrealised", *_column([book.unrealised for book in shown])),
        ("income", *_column([book.income for book in shown])),
    )
    widths = [max(map(len, column)) + 2 for column in columns]
    rows = [
        "".join(f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=True))
        for cells in zip(*columns, strict=True)
    ]
    yield f"{'book':<{_NAME}}{rows[0]}"
    for book, row in zip(shown, rows[1:-1], strict=True):
        name = book.name if book in status.books else f"{book.name} (left)"
        if len(name) > _NAME:
            yield name
            name = ""
        yield f"{name:<{_NAME}}{row}"
        yield from (_holding_line(holding, "  ") for holding in book.holdings)
    if len(shown) > 1:
        yield f"{'all books':<{_NAME}}{rows[-1]}"
    shares = ", ".join(f"{b.name} {percent(b.share)}" for b in status.books if b.share is not None)
    yield f"capital shares: {shares}"


def _column(amounts: Sequence[Decimal | None]) -> list[str]:
    """The amounts of books as they are shown, and their sum behind them."""
    known = [amount for amount in amounts if amount is not None]
    if len(known) < len(amounts):
        return [*map(_amount, amounts), _UNKNOWN]
    return [*money_that_adds_up(known), money(sum(known, start=Decimal(0)))]


def _amount(amount: Decimal | None) -> str:
    return _UNKNOWN if amount is None else money(amount)
