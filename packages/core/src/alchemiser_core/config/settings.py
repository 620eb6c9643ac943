"""Every setting of Alchemiser, with its type, default, rule and meaning.

These classes, and those of the modules `…_settings` beside, are the one place where settings are
defined: the converter, `config show` and the reference in the documentation all read them.
"""

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any

from attrs import field, frozen

from alchemiser_core.config.capital import Capital
from alchemiser_core.config.checks import (
    AMOUNT,
    BASIS_POINTS,
    FRACTION,
    FRACTIONS,
    NOT_EMPTY,
    SHARE,
    Check,
    SettingError,
    doc,
)
from alchemiser_core.config.connection_settings import (
    SECRET_STORES,
    BrokerSettings,
    JournalSettings,
    NotifySettings,
    SecretStoreSettings,
)
from alchemiser_core.config.data_settings import DataSettings
from alchemiser_core.config.indicator_check_settings import DecisionCheckSettings
from alchemiser_core.config.log_settings import LogSettings
from alchemiser_core.config.risk_settings import RiskSettings
from alchemiser_core.config.trading_settings import ExecutionSettings, TradingSettings
from alchemiser_core.domain.allocation.constraints import Constraints
from alchemiser_core.domain.allocation.plan_rules import PlanRules, TradingCosts
from alchemiser_core.domain.allocation.policy import BookRebalance
from alchemiser_core.domain.instrument import Instrument
from alchemiser_core.domain.money import NO_MONEY, ZERO, Usd
from alchemiser_core.domain.symbol import Symbol


class Mode(StrEnum):
    """What orders are sent to."""

    PAPER = "paper"
    LIVE = "live"


class DecideOn(StrEnum):
    """Which bar decides."""

    PREVIOUS_CLOSE = "previous-close"
    """Bars to the session before, traded today before the close."""
    AFTER_CLOSE = "after-close"
    """Bars to today, traded at the next open."""
    PROVISIONAL = "provisional"
    """The last trade before the slot stands in as today's close."""


@frozen(kw_only=True)
class StrategyShare:
    """A strategy of the portfolio and its part of the capital."""

    strategy: str = field(
        validator=NOT_EMPTY,
        metadata=doc("Name of a strategy, or path of a symphony file."),
    )
    share: Decimal = field(
        validator=SHARE,
        metadata=doc("Its part of the capital, exactly; all shares add up to exactly 1."),
    )


def _sharing(strategies: tuple[StrategyShare, ...]) -> SettingError | None:
    counts = Counter(entry.strategy for entry in strategies)
    twice = ", ".join(name for name, count in counts.items() if count > 1)
    if twice:
        why, hint = "each strategy keeps one book", "give it one entry with the sum of its shares"
        return SettingError(f"{twice} is listed more than once", why, hint)
    total = sum((entry.share for entry in strategies), ZERO)
    if not strategies or total == 1:
        return None
    hint = f"{'add' if total < 1 else 'take away'} {abs(1 - total)}"
    return SettingError(f"the shares add up to {total}", "they have to add up to exactly 1", hint)


SHARED_OUT = Check("adding up to exactly 1, each strategy once", _sharing)


@frozen(kw_only=True)
class PortfolioSettings:
    """The strategies that are blended, and how their books are kept."""

    strategies: tuple[StrategyShare, ...] = field(
        default=(),
        validator=SHARED_OUT,
        metadata=doc("The strategies and their shares; one `[[portfolio.strategies]]` each."),
    )
    rebalance_books: BookRebalance = field(
        default=BookRebalance.QUARTERLY,
        metadata=doc("How often cash moves between the books, back to the shares."),
    )


@frozen(kw_only=True)
class StrategySettings:
    """Settings of one strategy, under its name."""

    parameters: Mapping[str, Any] = field(
        factory=dict,
        metadata=doc(
            "Values for the strategy's parameters; `alchemiser symphony check` and "
            "`alchemiser plugins` name them. A table inside it sets those of one part alone."
        ),
    )


@frozen(kw_only=True)
class CostSettings:
    """What a trade is assumed to cost."""

    cost_bps: Decimal = field(
        default=Decimal(1),
        validator=BASIS_POINTS,
        metadata=doc("Commission and fees, basis points of the traded value."),
    )
    slippage_bps: Decimal = field(
        default=ZERO,
        validator=BASIS_POINTS,
        metadata=doc("Slippage, charged as basis points of the traded value."),
    )

    def trading_costs(self) -> TradingCosts:
        """The costs as planning takes them."""
        return TradingCosts(self.cost_bps, self.slippage_bps)


@frozen(kw_only=True)
class PlanningSettings:
    """How the difference between holdings and target becomes orders."""

    capital: Capital = field(
        default=Capital(),
        metadata=doc('How much equity to use: "all", US dollars, or a part such as "60 %".'),
    )
    reserve_cash: Usd = field(
        default=NO_MONEY,
        validator=AMOUNT,
        metadata=doc("US dollars that are never invested."),
    )
    cash_buffer: Decimal = field(
        default=ZERO,
        validator=FRACTION,
        metadata=doc("Part of the investable equity that stays in cash."),
    )
    whole_shares: bool = field(
        default=False,
        metadata=doc("Trade whole shares only."),
    )
    minimum_trade: Usd = field(
        default=NO_MONEY,
        validator=AMOUNT,
        metadata=doc("Smaller trades, in US dollars, are skipped; full exits are not."),
    )
    drift_band: Decimal = field(
        default=ZERO,
        validator=FRACTION,
        metadata=doc("Differences up to this part of equity are left alone; full exits are not."),
    )
    cap: Decimal | None = field(
        default=None,
        validator=FRACTION,
        metadata=doc("Largest weight of any symbol without a cap of its own."),
    )
    caps: Mapping[Symbol, Decimal] = field(
        factory=dict,
        validator=FRACTIONS,
        metadata=doc("Largest weight of single symbols; what a cap takes away stays in cash."),
    )
    denied: frozenset[Symbol] = field(
        default=frozenset(),
        metadata=doc("Symbols that are never bought; what is held of them is sold."),
    )
    unmanaged: frozenset[Symbol] = field(
        default=frozenset(),
        metadata=doc("Symbols that are neither bought nor sold, and not counted in equity."),
    )

    def constraints(self, equity: Decimal) -> Constraints:
        """The limits of a target for an account of `equity` US dollars without the unmanaged."""
        return Constraints(
            caps=self.caps,
            cap=self.cap,
            denied=self.denied,
            unmanaged=self.unmanaged,
            cash_buffer=self.cash_buffer,
            reserve_cash=Usd(self.reserve_cash + self.capital.kept_back(equity)),
        )

    def rules(
        self, instruments: Mapping[Symbol, Instrument], costs: CostSettings, equity: Decimal
    ) -> PlanRules:
        """The rules of a plan; `instruments` bear the increments that `whole_shares` asks for."""
        return PlanRules(
            instruments=instruments,
            costs=costs.trading_costs(),
            constraints=self.constraints(equity),
            minimum_trade=self.minimum_trade,
            drift_band=self.drift_band,
        )


@frozen(kw_only=True)
class Settings:
    """All settings; the top level of `alchemiser.toml`."""

    mode: Mode = field(
        default=Mode.PAPER,
        metadata=doc(
            "What orders are sent to. Real money takes `live` here, the flag `--live` and the "
            "number of the account in `broker.account`."
        ),
    )
    decide_on: DecideOn | None = field(
        default=None,
        metadata=doc(
            "Which bar decides, and so when orders fill. Where it is not set, trading goes by "
            "`previous-close`, and a back-test fills at the close that decided."
        ),
    )
    portfolio: PortfolioSettings = field(
        factory=PortfolioSettings, metadata=doc("The portfolio that `TARGET portfolio` means.")
    )
    strategies: Mapping[str, StrategySettings] = field(
        factory=dict, metadata=doc("Settings of strategies, by name.")
    )
    data: DataSettings = field(factory=DataSettings, metadata=doc("Where bars come from."))
    check: DecisionCheckSettings = field(
        factory=DecisionCheckSettings, metadata=doc("What is checked after a decision.")
    )
    costs: CostSettings = field(factory=CostSettings, metadata=doc("What a trade costs."))
    planning: PlanningSettings = field(
        factory=PlanningSettings, metadata=doc("How a plan of orders is made.")
    )
    trading: TradingSettings = field(factory=TradingSettings, metadata=doc("When a cycle trades."))
    execution: ExecutionSettings = field(
        factory=ExecutionSettings, metadata=doc("How orders are worked.")
    )
    risk: RiskSettings = field(factory=RiskSettings, metadata=doc("What no plan may exceed."))
    broker: BrokerSettings = field(factory=BrokerSettings, metadata=doc("Which account is traded."))
    journal: JournalSettings = field(
        factory=JournalSettings, metadata=doc("Where everything is written down.")
    )
    notify: tuple[NotifySettings, ...] = field(
        default=(), metadata=doc("How people are told; one `[[notify]]` each.")
    )
    logs: LogSettings = field(
        factory=LogSettings, metadata=doc("What the commands that trade log.")
    )
    secrets: tuple[SecretStoreSettings, ...] = field(
        default=SECRET_STORES,
        metadata=doc("Where keys are read from, in this order; one `[[secrets]]` each."),
    )

    @property
    def trading_decide_on(self) -> DecideOn:
        """Which bar decides when orders are sent: `decide_on`, else the session before."""
        return self.decide_on or DecideOn.PREVIOUS_CLOSE
