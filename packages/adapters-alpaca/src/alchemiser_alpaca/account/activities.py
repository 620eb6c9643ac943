"""What happened to the account beside its orders, from the vendor's list of activities.

Only what is understood for certain is told: cash that came or went, splits whose ratio is known,
and positions that ended for cash. The rest (spin-offs, renamings, mergers into other shares) is
left out; the account then differs from the journal, which stops trading until somebody has looked.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from attrs import evolve, frozen

from alchemiser_alpaca.reading import Record, day, number, optional_number, optional_text, text
from alchemiser_alpaca.symbols import symbol_of
from alchemiser_core.domain.account import (
    Activity,
    CashActivity,
    RemovalActivity,
    SplitActivity,
)
from alchemiser_core.domain.money import NO_MONEY, ZERO, Rounding, Usd, to_cents
from alchemiser_core.domain.plain_text import plain_text
from alchemiser_core.domain.portfolio.cash import CashReason
from alchemiser_core.domain.symbol import Symbol

FUNDING = frozenset({"CSD", "CSW", "JNLC", "ACATC"})
_OF_HOLDINGS = frozenset(
    {
        *("DIV", "DIVCGL", "DIVCGS", "DIVFEE", "DIVFT", "DIVNRA", "DIVROC", "DIVTW", "DIVTXEX"),
        *("DIVPAY", "CIL"),
    }
)
CASH_KINDS: Mapping[str, CashReason] = MappingProxyType(
    {
        **dict.fromkeys(_OF_HOLDINGS, CashReason.DIVIDEND),
        **dict.fromkeys(("INT", "INTNRA", "INTTW"), CashReason.INTEREST),
        **dict.fromkeys(("FEE", "CFEE", "PTC", "PTR"), CashReason.FEE),
    }
)
SPLITS = frozenset({"SPLIT", "SSP"})
REMOVALS = frozenset({"MA", "REORG"})
ALL_KINDS = tuple(sorted({*FUNDING, *CASH_KINDS, *SPLITS, *REMOVALS}))
"""What is asked for; fills are orders' business."""


@frozen
class SplitRow:
    """A split that was booked, whose ratio is not in the activity."""

    identifier: str
    symbol: Symbol
    session: date
    cash: Usd = NO_MONEY
    """Paid for what is left of a share."""


Understood = Activity | SplitRow


def read_activities(rows: Iterable[Record], since: date) -> list[Understood]:
    """What can be told of `since` and later, oldest first; each row at most once."""
    kept = [row for row in rows if _counts(row) and day(row, "date") >= since]
    found = [each for each in map(_cash, kept) if each is not None]
    told: list[Understood] = [*found, *_splits(kept), *_removals(kept)]
    return sorted(told, key=lambda each: (each.session, each.identifier))


def _counts(row: Record) -> bool:
    """Whether it is of a kind that is understood, and stands."""
    executed = optional_text(row, "status") in ("", "executed", "correct")
    return executed and text(row, "activity_type") in ALL_KINDS


def _cash(row: Record) -> CashActivity | None:
    kind = text(row, "activity_type")
    if kind not in FUNDING and kind not in CASH_KINDS:
        return None
    amount = _cents(number(row, "net_amount"))
    if kind in FUNDING:
        reason = CashReason.DEPOSIT if amount >= 0 else CashReason.WITHDRAWAL
        return CashActivity(_identifier(row), reason, amount, day(row, "date"))
    symbol = _symbol(row) if kind in _OF_HOLDINGS else None
    return CashActivity(_identifier(row), CASH_KINDS[kind], amount, day(row, "date"), symbol)


def _splits(rows: Iterable[Record]) -> list[SplitRow]:
    """Each split once: the vendor may book the old shares out and the new ones in."""
    found: dict[tuple[Symbol, date], SplitRow] = {}
    for row in sorted(rows, key=_identifier):
        symbol = _symbol(row)
        if text(row, "activity_type") in SPLITS and symbol is not None:
            place = symbol, day(row, "date")
            first = found.get(place, SplitRow(_identifier(row), *place))
            found[place] = evolve(first, cash=Usd(first.cash + _cents(_money(row))))
    return list(found.values())


def split_of(row: SplitRow, ratio: Decimal) -> SplitActivity:
    """The split, once its ratio is known."""
    return SplitActivity(row.identifier, row.symbol, ratio, row.session, row.cash)


def _removals(rows: list[Record]) -> list[RemovalActivity]:
    """Positions that were taken out for cash, where nothing was put in for them on that day."""
    of_kind = [row for row in rows if text(row, "activity_type") in REMOVALS]
    paid_in_shares = {day(row, "date") for row in of_kind if _quantity(row) > 0}
    return [
        RemovalActivity(
            _identifier(row),
            symbol,
            _cents(_money(row)),
            day(row, "date"),
        )
        for row in of_kind
        if (symbol := _symbol(row)) is not None
        if _quantity(row) < 0 and _money(row) >= 0
        if day(row, "date") not in paid_in_shares
    ]


def _quantity(row: Record) -> Decimal:
    return optional_number(row, "qty") or ZERO


def _money(row: Record) -> Decimal:
    return optional_number(row, "net_amount") or ZERO


def _cents(amount: Decimal) -> Usd:
    return to_cents(amount, Rounding.DOWN)


def _identifier(row: Record) -> str:
    return plain_text(text(row, "id"), 128)


def _symbol(row: Record) -> Symbol | None:
    given = optional_text(row, "symbol")
    return symbol_of(given) if given else None
