"""How long decisions take: klm over all history (K), klm of today with its plan, and growth.

    python benchmarks/decisions.py

klm is decided on real closes where they are there, else on seeded ones; loading is not counted.
Times are medians of processor seconds. The growth exponent is the slope of log time over log
size: 1 is proportional. The ratios to a plain evaluator and to a copy of the closes are in
`against_plain_evaluator.py`, the largest symphony (H) in `symphony_of_17741_lines.py`, J2 in
`rule_tree.py`.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal

import numpy as np
from against_plain_evaluator import REAL_BARS, read_real
from rule_tree import medians
from symphony_of_17741_lines import SYMBOLS, seeded_history, symphony_text

from alchemiser_app.composition import TargetStrategy
from alchemiser_app.holdings import only_cash
from alchemiser_app.planning import plan_decision
from alchemiser_app.targets import decide_target
from alchemiser_core.config import Settings
from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.symphony import expand, read
from alchemiser_core.symphony.strategy import SymphonyStrategy
from alchemiser_strategies.shipped import shipped_symphony

RECENT = 420
"""Closes that a decision of today has at hand when history is fetched and not kept."""


def klm() -> SymphonyStrategy:
    """The shipped strategy, compiled."""
    strategy = SymphonyStrategy("klm", shipped_symphony("klm").bind(expand).unwrap())
    assert strategy.program.nodes
    return strategy


def planned(strategy: SymphonyStrategy, history: BarHistory) -> Callable[[], object]:
    """Today's decision with its reasons, and the orders from cash to it."""
    targets = (TargetStrategy(strategy, Decimal(1)),)
    portfolio = only_cash(Decimal(100_000)).unwrap()
    settings = Settings()

    def run() -> object:
        decision = decide_target(targets, history, None).unwrap()
        return plan_decision("klm", decision, history, portfolio, settings).unwrap()

    return run


def show(name: str, milliseconds: float, goal: str = "") -> None:
    """One line of the table."""
    print(f"{name:52}{milliseconds:10.2f} ms   {goal}")


def decided() -> None:
    """K, and today's decision and plan."""
    strategy = klm()
    symbols = strategy.requirements.symbols
    real = REAL_BARS.is_dir()
    if not real:
        print(f"seeded closes: there are no real ones at {REAL_BARS}")
    history = read_real(symbols) if real else seeded_history(symbols, 8_288)
    recent = history.rows(len(history) - RECENT, len(history))
    (today,) = medians([planned(strategy, recent)], 101)
    every, today_of_all = medians([deciding(strategy, history), planned(strategy, history)], 25)
    show(f"K: klm, all of {len(history):,} sessions", every, "goal 50 ms")
    show(f"today's klm and plan from {RECENT} closes", today, "goal 5 ms")
    show("today's klm and plan from all closes", today_of_all)


def exponent(name: str, sizes: Sequence[int], works: Sequence[Callable[[], object]]) -> None:
    """Print the times over some sizes and how they grow."""
    times = medians(works, 7)
    slope = np.polyfit(np.log(sizes), np.log(times), 1)[0]
    steps = ", ".join(f"{size:,}: {time:.1f}" for size, time in zip(sizes, times, strict=True))
    print(f"growth with {name:10} {slope:5.2f}   goal 1.05   ({steps} ms)")


def deciding(strategy: SymphonyStrategy, history: BarHistory) -> Callable[[], object]:
    """The work of deciding every session."""
    return lambda: strategy.decide_all(history).unwrap()


def ranking(symbols: int) -> SymphonyStrategy:
    """The two strongest of many."""
    assets = " ".join(f'(asset "{symbol}")' for symbol in SYMBOLS[:symbols])
    text = f'(defsymphony "wide" {{}} (filter (rsi {{:window 10}}) (select-top 2) [{assets}]))'
    return SymphonyStrategy("wide", expand(read(text).unwrap().symphony).unwrap())


def whole_way(lines: int, history: BarHistory) -> Callable[[], object]:
    """The work from a text of so many lines to weights."""
    text = symphony_text(lines)

    def work() -> object:
        plain = read(text).bind(lambda found: expand(found.symphony)).unwrap()
        return SymphonyStrategy("long", plain).decide_all(history).unwrap()

    return work


def grown() -> None:
    """How time grows with each dimension of the problem."""
    strategy = klm()
    symbols = strategy.requirements.symbols
    sessions = (2_520, 5_040, 10_080, 20_160)
    exponent(
        "sessions", sessions, [deciding(strategy, seeded_history(symbols, n)) for n in sessions]
    )
    widths = (75, 150, 300, 600, 1_200)
    exponent(
        "symbols",
        widths,
        [deciding(ranking(n), seeded_history(tuple(SYMBOLS[:n]))) for n in widths],
    )
    lines = (2_000, 4_000, 8_000, 16_000)
    history = seeded_history(tuple(map(Symbol, SYMBOLS)), 630)
    exponent("lines", lines, [whole_way(n, history) for n in lines])


def main() -> None:
    """The table of decisions, then of growth."""
    decided()
    grown()


if __name__ == "__main__":
    main()
