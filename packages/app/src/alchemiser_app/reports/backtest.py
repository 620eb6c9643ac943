"""A back-test as a page for a person and as an object for a program."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from attrs import asdict, frozen
from returns.result import Failure

from alchemiser_app.composition import TargetStrategy
from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.performance import Statistics
from alchemiser_core.domain.undecidable import (
    AllLeftOut,
    Cause,
    InsufficientHistory,
    NoPrice,
    StrategyError,
    Undecidable,
    ZeroVolatility,
)
from alchemiser_core.services.backtest import (
    BacktestResult,
    BacktestSettings,
    BookResult,
    FillTiming,
)

_SHOWN = 5
_WIDEST = 160
"""Characters of a line of reasons; `--json` has them whole."""


@frozen(eq=False)
class BacktestReport:
    """A result and what is to be said beside it."""

    target: str
    result: BacktestResult
    strategies: tuple[TargetStrategy, ...]
    history: BarHistory
    source: str
    substitutions: Mapping[str, str]
    seconds: Mapping[str, float]

    def held_back_by(self) -> tuple[dict[str, Any], ...]:
        """Symbols and reasons of the last session that could not be decided."""
        last = self.result.period.last_undecidable
        if last is None:
            return ()
        found: list[dict[str, Any]] = []
        for entry in self.strategies:
            decision = entry.strategy.decide(self.history, last)
            if isinstance(decision, Failure):
                error = decision.failure()
                causes = error.causes if isinstance(error, Undecidable) else (error,)
                found.extend(_held_back(entry.strategy.name, last, cause) for cause in causes)
        return tuple(found)


def _held_back(strategy: str, session: date, cause: Cause | StrategyError) -> dict[str, Any]:
    symbols: tuple[str, ...] = ()
    match cause:
        case InsufficientHistory() | NoPrice():
            symbols = (cause.symbol,)
        case AllLeftOut():
            symbols = tuple(candidate.label for candidate in cause.candidates)
        case ZeroVolatility():
            symbols = (cause.block,)
        case _:
            pass
    (problem,) = cause.problems()
    details = f": {problem.why}" if isinstance(cause, AllLeftOut) else ""
    return {
        "strategy": strategy,
        "session": session.isoformat(),
        "symbols": list(symbols),
        "reason": problem.what + details,
    }


def backtest_json(report: BacktestReport) -> dict[str, Any]:
    """`backtest --json`; fractions, not percent; money in US dollars; undefined figures null."""
    result = report.result
    return {
        "target": report.target,
        "start": result.start.isoformat(),
        "end": result.end.isoformat(),
        "sessions": result.sessions,
        "first_decidable": result.first_decidable.isoformat(),
        "held_back_by": list(report.held_back_by()),
        "undecidable": [day.isoformat() for day in result.undecidable],
        "missing_symbols": list(report.history.missing_symbols),
        "final_equity": result.final_equity,
        **asdict(result.statistics),
        "turnover": result.turnover,
        "trades": result.trades,
        "costs": result.costs,
        "books": [_book_json(book) for book in result.books] if len(result.books) > 1 else [],
        "benchmark": _benchmark_json(result),
        "closes_for_opens": result.closes_for_opens,
        **_exceptions_json(result),
        "settings": _settings_json(result.settings),
        "substitutions": dict(report.substitutions),
        "source": report.history.source,
        "basis": report.history.basis.value,
        "bad_prices": len(report.history.bad_prices),
        "warnings": list(report.history.warnings),
        "synthetic": report.history.synthetic,
        "seconds": {name: round(value, 6) for name, value in report.seconds.items()},
    }


def _exceptions_json(result: BacktestResult) -> dict[str, Any]:
    """Holdings that had no price when one was needed."""
    return {
        "stale": [
            {
                "symbol": s.symbol,
                "last_price": s.last_price.isoformat() if s.last_price else None,
                "first": s.first.isoformat(),
                "last": s.last.isoformat(),
            }
            for s in result.stale
        ],
        "forced_fills": [
            {
                "session": f.session.isoformat(),
                "symbol": f.symbol,
                "side": f.side,
                "price": f.price,
            }
            for f in result.forced
        ],
    }


def _settings_json(settings: BacktestSettings) -> dict[str, Any]:
    return {
        "cash": str(settings.cash),
        "cost_bps": str(settings.cost_bps),
        "slippage_bps": str(settings.slippage_bps),
        "fill": settings.fill.value,
        "missing_open": settings.missing_open.value,
        "whole_shares": settings.whole_shares,
    }


def _book_json(book: BookResult) -> dict[str, Any]:
    return {
        "name": book.name,
        "final_equity": book.curve.final,
        "costs": book.costs,
        "undecidable": len(book.undecidable),
        "transfers": [
            {"session": t.session.isoformat(), "amount": t.amount} for t in book.transfers
        ],
    }


def _benchmark_json(result: BacktestResult) -> dict[str, Any] | None:
    if result.benchmark is None:
        return None
    benchmark = result.benchmark
    return {
        "symbol": benchmark.symbol,
        "final_equity": benchmark.curve.final,
        **asdict(benchmark.statistics),
    }


def backtest_lines(report: BacktestReport) -> Iterator[str]:
    """The page: what was asked, the figures, then everything worth knowing."""
    result = report.result
    yield f"{report.target}, {result.start} to {result.end}, {result.sessions} sessions"
    yield f"from {report.source}"
    yield from (f"{old} is replaced by {new}" for old, new in report.substitutions.items())
    yield from cautions(result)
    yield ""
    yield from _figures(report)
    yield ""
    yield from _books(result)
    yield from _notes(report)
    yield from _conventions(result)


def cautions(result: BacktestResult) -> Iterator[str]:
    """What has to be known before a figure is read."""
    if result.settings.fill is FillTiming.CLOSE:
        yield "idealised: filled at the close that decided; --fill next-close can be traded"
    if result.undecidable:
        share = len(result.undecidable) / result.sessions
        yield (
            f"CAUTION: {len(result.undecidable)} of {result.sessions} sessions ({share:.0%}) could "
            "not be decided; holdings stayed as they were, and the figures are theirs too"
        )
        if result.settings.start is None:
            yield "         too few sessions follow the last of them; --start begins later"
    if result.closes_for_opens:
        yield (
            f"CAUTION: {result.closes_for_opens} of {result.trades} fills at the close, "
            "because the open is missing"
        )


def _figures(report: BacktestReport) -> Iterator[str]:
    result, benchmark = report.result, report.result.benchmark
    rival = benchmark.statistics if benchmark else None
    if benchmark:
        yield f"  {'':<16}{report.target[-14:]:>14}{benchmark.symbol:>14}"
    final = f"{benchmark.curve.final:>14,.2f}" if benchmark else ""
    yield f"  {'final equity':<16}{result.final_equity:>14,.2f}{final}"
    for label, name, form in (
        ("total return", "total_return", ".2%"),
        ("CAGR", "cagr", ".2%"),
        ("volatility", "volatility", ".2%"),
        ("Sharpe", "sharpe", ".2f"),
        ("Sortino", "sortino", ".2f"),
        ("max drawdown", "max_drawdown", ".2%"),
        ("Calmar", "calmar", ".2f"),
    ):
        yield f"  {label:<16}{_figure(result.statistics, name, form)}" + (
            _figure(rival, name, form) if rival else ""
        )
    turnover = "undefined" if result.turnover is None else f"{result.turnover:.1f} x a year"
    yield f"  {'turnover':<16}{turnover:>14}"
    yield f"  {'trades':<16}{result.trades:>14,}"
    yield f"  {'costs':<16}{result.costs:>14,.2f}"


def _figure(statistics: Statistics, name: str, form: str) -> str:
    value = getattr(statistics, name)
    return f"{'undefined' if value is None else format(value, ',' + form):>14}"


def _books(result: BacktestResult) -> Iterator[str]:
    if len(result.books) > 1:
        for book in result.books:
            yield f"  book {book.name:<16}{book.curve.final:>14,.2f}"
        yield ""


def _notes(report: BacktestReport) -> Iterator[str]:
    result = report.result
    yield f"first decidable session: {result.first_decidable}"
    last = result.period.last_undecidable
    verb = "held back to" if last is None or last < result.start else "not decidable on"
    for reason in report.held_back_by()[:_SHOWN]:
        yield _shortened(f"{verb} {reason['session']} ({reason['strategy']}): {reason['reason']}")
    if result.undecidable:
        yield f"not decidable inside: {_listed(result.undecidable)}"
    for stale in result.stale[:_SHOWN]:
        yield f"stale: {stale.symbol} held at its last price from {stale.first} to {stale.last}"
    if result.forced:
        fills = [f"{f.side} {f.symbol} {f.session}" for f in result.forced[:_SHOWN]]
        yield f"{len(result.forced)} forced fills at the last price: {', '.join(fills)}"


def _shortened(text: str) -> str:
    return text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…"


def _listed(days: tuple[date, ...]) -> str:
    shown = ", ".join(day.isoformat() for day in days[:_SHOWN])
    return shown + (", …" if len(days) > _SHOWN else "")


def _conventions(result: BacktestResult) -> Iterator[str]:
    settings = result.settings
    fills = {
        FillTiming.CLOSE: "filled at the close that decided (idealised)",
        FillTiming.NEXT_OPEN: "filled at the next open",
        FillTiming.NEXT_CLOSE: "filled at the next close",
    }
    shares = "whole shares" if settings.whole_shares else "fractional shares"
    yield (
        f"{settings.cash:,} USD, {shares}, {fills[settings.fill]}; cost {settings.cost_bps} bp and "
        f"slippage {settings.slippage_bps} bp of traded value, targets of equity after costs"
    )
    yield "252 sessions a year; Sharpe with ddof 1 and no risk-free rate; drawdown positive"
