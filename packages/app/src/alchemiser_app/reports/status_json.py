"""Where an account stands, as an object."""

from decimal import Decimal
from typing import Any

from alchemiser_app.reports.account_status import AccountStatus, Standing
from alchemiser_app.reports.alerts import alert_json
from alchemiser_app.reports.cycle_summaries import CycleSummary
from alchemiser_app.reports.orders import order_json
from alchemiser_app.reports.status_report import StatusReport
from alchemiser_core.domain.money import decimal_text


def status_json(report: StatusReport) -> dict[str, Any]:
    """`status --json`; quantities and money are strings, what is not known is null."""
    identity, halt = report.ledger.identity, report.ledger.halt
    last, now, status = report.last_cycle, report.open_cycle, report.status
    return {
        "journal": report.where,
        "entries": report.entries,
        "written": report.written.isoformat() if report.written else None,
        "portfolio": identity.portfolio if identity else None,
        "broker": identity.broker if identity else None,
        "account": identity.account if identity else None,
        "live": identity.is_live if identity else None,
        "halted": report.is_halted,
        "halt": {"code": halt.code, "why": halt.why} if halt else None,
        "kill_switch": report.switch,
        "last_cycle": _cycle_json(last) if last is not None else None,
        "open_cycle": _cycle_json(now) if now is not None else None,
        "open_orders": [order_json(order) for order in now.open_orders] if now else [],
        **_account_json(status),
        "discrepancies": [
            {"code": code, "subject": subject, "text": text}
            for (code, subject), text in report.ledger.noted.items()
        ],
        "alerts": [alert_json(each) for each in report.alerts],
    }


def _account_json(status: AccountStatus | None) -> dict[str, Any]:
    if status is None:
        nothing = dict.fromkeys(("equity", "cash", "contributed", "profit", "realised"))
        nothing |= dict.fromkeys(("unrealised", "income", "costs"))
        return {**nothing, "holdings": [], "books": {}, "former_books": {}}
    return {
        **_standing_json(status.account),
        "books": {
            book.name: {"share": _text(book.share), **_standing_json(book)} for book in status.books
        },
        "former_books": {book.name: _standing_json(book) for book in status.former},
    }


def _standing_json(standing: Standing) -> dict[str, Any]:
    return {
        "equity": _text(standing.equity),
        "cash": _text(standing.cash),
        "contributed": _text(standing.contributed),
        "profit": _text(standing.profit),
        "realised": _text(standing.realised),
        "unrealised": _text(standing.unrealised),
        "income": _text(standing.income),
        "costs": _text(standing.costs),
        "holdings": [
            {
                "symbol": each.symbol,
                "quantity": _text(each.quantity),
                "price": _text(each.mark.price) if each.mark else None,
                "session": each.mark.session.isoformat() if each.mark else None,
                "value": _text(each.value),
                "unrealised": _text(each.unrealised),
            }
            for each in standing.holdings
        ],
    }


def _cycle_json(cycle: CycleSummary) -> dict[str, Any]:
    return {
        "session": cycle.key.trading_day.isoformat(),
        "opened": cycle.opened.isoformat(),
        "closed": cycle.closed.isoformat() if cycle.closed else None,
        "outcome": cycle.outcome.value if cycle.outcome else None,
    }


def _text(amount: Decimal | None) -> str | None:
    return decimal_text(amount) if amount is not None else None
