"""The rules of planning for a cycle in which only a part of the books trades.

Limits are those of the whole account: a reserve is kept by every book according to its equity, and
a cap leaves the books that trade what the others do not hold of it. Where the others are in debt,
as the share of costs that fell to them can bring about, that cash is not in the account, and the
books that trade do not spend it.
"""

from collections.abc import Collection
from decimal import Decimal

from attrs import evolve

from alchemiser_core.domain.allocation.constraints import ONE, Constraints
from alchemiser_core.domain.allocation.plan_rules import PlanRules
from alchemiser_core.domain.money import ZERO, Usd
from alchemiser_core.domain.portfolio.book import Books
from alchemiser_core.domain.quote import Marks
from alchemiser_core.domain.symbol import Symbol


def part_rules(
    rules: PlanRules,
    wanted: Collection[Symbol],
    part: Decimal,
    whole: Decimal,
    idle: Books,
    marks: Marks,
) -> PlanRules:
    """The rules for books with an equity of `part`, out of `whole`; both above 0.

    `wanted` are the symbols that they may buy, `idle` the books that do not trade, every holding of
    which has a usable mark.
    """
    if not idle.books:
        return rules
    limits = rules.constraints
    own = evolve(
        limits,
        reserve_cash=Usd(limits.reserve_cash * part / whole),
        caps=_caps_left(limits, wanted, part, whole, idle, marks),
    )
    return evolve(rules, constraints=own)


def without_debt(rules: PlanRules, idle: Books, paid: Decimal) -> PlanRules:
    """The rules, with what the idle books owe kept back once they have `paid` for what they get."""
    cash = sum((book.portfolio.cash for book in idle.books.values()), start=ZERO) - paid
    if cash >= 0:
        return rules
    limits = rules.constraints
    kept = evolve(limits, reserve_cash=Usd(limits.reserve_cash - cash))
    return evolve(rules, constraints=kept)


def _caps_left(
    limits: Constraints,
    wanted: Collection[Symbol],
    part: Decimal,
    whole: Decimal,
    idle: Books,
    marks: Marks,
) -> dict[Symbol, Decimal]:
    """What the idle books leave of each cap, as a weight of the books that trade."""
    kept = limits.reserve_cash / whole
    caps: dict[Symbol, Decimal] = {}
    for symbol in wanted:
        cap = limits.cap_of(symbol)
        if cap is not None:
            held = sum((b.portfolio.quantity(symbol) for b in idle.books.values()), start=ZERO)
            value = held * marks[symbol].price if held else ZERO
            room = cap * (1 - kept) * whole - value
            investable = (1 - kept) * part
            caps[symbol] = min(ONE, max(ZERO, room / investable)) if investable > 0 else ZERO
    return caps
