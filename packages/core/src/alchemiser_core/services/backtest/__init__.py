"""The back-test: when decisions are traded, at which prices, and what the account makes of it."""

from alchemiser_core.services.backtest.account import (
    AccountPath,
    BacktestFill,
    BacktestFills,
    HeldPositions,
)
from alchemiser_core.services.backtest.errors import (
    BacktestError,
    BadDecisions,
    EmptyRange,
    NoOpens,
    NothingDecidable,
    UnknownSymbols,
    UnpricedFills,
)
from alchemiser_core.services.backtest.period import BacktestPeriod
from alchemiser_core.services.backtest.result import (
    BacktestResult,
    BookResult,
    BookTransfer,
    StaleHolding,
)
from alchemiser_core.services.backtest.service import backtest
from alchemiser_core.services.backtest.settings import (
    BacktestSettings,
    FillTiming,
    MissingOpen,
    StrategyDecisions,
)

__all__ = [
    "AccountPath",
    "BacktestError",
    "BacktestFill",
    "BacktestFills",
    "BacktestPeriod",
    "BacktestResult",
    "BacktestSettings",
    "BadDecisions",
    "BookResult",
    "BookTransfer",
    "EmptyRange",
    "FillTiming",
    "HeldPositions",
    "MissingOpen",
    "NoOpens",
    "NothingDecidable",
    "StaleHolding",
    "StrategyDecisions",
    "UnknownSymbols",
    "UnpricedFills",
    "backtest",
]
