"""Settings of the risk gate: what no plan may exceed, whatever the strategies want."""

from collections.abc import Mapping
from decimal import Decimal

from attrs import field, frozen

from alchemiser_core.config.checks import FRACTION, POSITIVE, WHOLE_POSITIVE, doc, must_be
from alchemiser_core.domain.money import Usd
from alchemiser_core.domain.risk.leveraged_funds import LEVERAGED_FUNDS
from alchemiser_core.domain.risk.limits import RiskLimits
from alchemiser_core.domain.symbol import Symbol

FACTORS = must_be(
    "a daily multiple from 1 to 10 for each symbol",
    lambda value: all(1 <= factor <= 10 for factor in value.values()),
)


@frozen(kw_only=True)
class RiskSettings:
    """What refuses a whole cycle before its first order. All breaches are reported together."""

    max_turnover: Decimal | None = field(
        # Selling and buying everything anew is 2: a plan above that has misread the account.
        default=Decimal("2.1"),
        validator=POSITIVE,
        metadata=doc(
            "Value of all orders of a trading day, as a multiple of the account's equity. Selling "
            "and buying everything anew is 2."
        ),
    )
    max_order_value: Usd | None = field(
        default=None,
        validator=POSITIVE,
        metadata=doc("US dollars of one order. A live account is not traded without it."),
    )
    max_order_fraction: Decimal | None = field(
        default=None,
        validator=FRACTION,
        metadata=doc("Value of one order, as a fraction of the account's equity."),
    )
    max_day_value: Usd | None = field(
        default=None,
        validator=POSITIVE,
        metadata=doc(
            "US dollars of all orders of a trading day. A live account is not traded without it."
        ),
    )
    max_orders: int | None = field(
        default=200,
        validator=WHOLE_POSITIVE,
        metadata=doc("Orders of a trading day; each symbol and side of a plan is one."),
    )
    max_weight: Decimal | None = field(
        default=None,
        validator=FRACTION,
        metadata=doc(
            "Part of the account's equity in one symbol. `planning.cap` lowers a weight; this "
            "refuses the plan."
        ),
    )
    max_gross: Decimal = field(
        default=Decimal(1),
        validator=FRACTION,
        metadata=doc("Part of the account's equity that is invested; there is no margin."),
    )
    max_leveraged_weight: Decimal | None = field(
        default=None,
        validator=FRACTION,
        metadata=doc("Part of the account's equity in leveraged funds together."),
    )
    max_exposure: Decimal | None = field(
        default=None,
        validator=POSITIVE,
        metadata=doc(
            "Sum of weight times daily multiple over all symbols: an account that is all in a fund "
            "of three times has 3."
        ),
    )
    max_equity_drop: Decimal | None = field(
        # Half of an account does not go overnight; a split that was missed makes it look so.
        default=Decimal("0.5"),
        validator=FRACTION,
        metadata=doc(
            "Loss since the last valuation of an earlier session, as a fraction of it. Deposits "
            "and withdrawals do not count."
        ),
    )
    max_spread: Decimal | None = field(
        default=None,
        validator=FRACTION,
        metadata=doc(
            "Spread of a symbol that is to be traded, as a fraction of the mid. A symbol without a "
            "usable quote breaks it too. `execution.widest_spread` leaves out the symbol; this "
            "refuses the plan."
        ),
    )
    allowed: frozenset[Symbol] | None = field(
        default=None,
        metadata=doc("The only symbols that may be bought; all where it is not set."),
    )
    denied: frozenset[Symbol] = field(
        default=frozenset(),
        metadata=doc(
            "Symbols for which a buy refuses the plan. `planning.denied` trades without them "
            "instead."
        ),
    )
    leveraged_funds: Mapping[Symbol, Decimal] = field(
        factory=dict,
        validator=FACTORS,
        metadata=doc(
            "Daily multiple of funds that the list built in does not have, or has wrong; 1 says "
            "that a fund is not leveraged."
        ),
    )

    def limits(self) -> RiskLimits:
        """The limits as the risk gate takes them, with the list of leveraged funds completed."""
        return RiskLimits(
            max_turnover=self.max_turnover,
            max_order_value=self.max_order_value,
            max_order_fraction=self.max_order_fraction,
            max_day_value=self.max_day_value,
            max_orders=self.max_orders,
            max_weight=self.max_weight,
            max_gross=self.max_gross,
            max_leveraged_weight=self.max_leveraged_weight,
            max_exposure=self.max_exposure,
            max_equity_drop=self.max_equity_drop,
            max_spread=self.max_spread,
            allowed=self.allowed,
            denied=self.denied,
            leveraged_funds={**LEVERAGED_FUNDS, **self.leveraged_funds},
        )
