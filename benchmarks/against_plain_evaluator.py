"""How much quicker the engine is than a plain evaluator that decides one date after the other.

    python benchmarks/against_plain_evaluator.py

J2 is a rule tree over 20 seeded symbols x 2,520 sessions, K is klm over all real history where
the bars are there, else over seeded ones. Both evaluators have to decide the same before their
times are compared; the last column sets the engine against one copy of the price matrix.
"""

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from symphony_of_17741_lines import seeded_history

from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.symphony import Symphony, expand, read
from alchemiser_core.symphony.strategy import SymphonyStrategy
from alchemiser_strategies.shipped import shipped_symphony

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "parity"))

from plain_evaluator import Undecided, decide_all_plain  # noqa: E402
from real_bars import REAL_BARS, read_real  # noqa: E402

NAMES = [f"S{number:04d}" for number in range(20)]
ASSETS = [f'(asset "{name}")' for name in NAMES]
RULE_TREE = f"""
(defsymphony "J2" {{:rebalance-frequency :daily}}
 (if (> (rsi "{NAMES[0]}" {{:window 10}}) 79) [{ASSETS[2]}]
 [(if (< (rsi "{NAMES[1]}" {{:window 10}}) 30) [{ASSETS[3]}]
 [(if (> (current-price "{NAMES[0]}") (moving-average-price "{NAMES[0]}" {{:window 200}}))
   [(filter (cumulative-return {{:window 20}}) (select-top 2) [{" ".join(ASSETS[4:10])}])]
   [(weight-inverse-volatility 20 [{" ".join(ASSETS[10:14])}])])])]))
"""


def median_time(work: Callable[[], object], repeats: int) -> float:
    """Median of the processor seconds of some repetitions, after one that does not count."""
    work()
    times = []
    for _ in range(repeats):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return statistics.median(times)


def compared(name: str, symphony: Symphony, history: BarHistory) -> None:
    """Print one line, after both were seen to decide the same."""
    strategy = SymphonyStrategy(name, symphony)
    decisions = strategy.decide_all(history).unwrap()
    start = time.process_time()
    judged = decide_all_plain(symphony, history)
    plain = time.process_time() - start
    assert [row for row, found in enumerate(judged) if not isinstance(found, Undecided)] == list(
        decisions.rows
    )
    for row, line in zip(decisions.rows.tolist(), decisions.weights.tolist(), strict=True):
        for symbol, weight in zip(decisions.symbols, line, strict=True):
            assert abs(judged[row].get(symbol, 0.0) - weight) < 1e-12
    engine = median_time(lambda: strategy.decide_all(history), 15)
    copy = median_time(history.close.copy, 200)
    print(
        f"{name:<4} {len(history):>6} sessions   engine {engine * 1e3:8.2f} ms"
        f"   plain {plain * 1e3:10.0f} ms   ratio {plain / engine:7.0f}"
        f"   copy of the prices {copy * 1e3:6.3f} ms   ratio {engine / copy:6.0f}"
    )


def main() -> None:
    """J2, then K."""
    compared("J2", read(RULE_TREE).unwrap().symphony, seeded_history(tuple(map(Symbol, NAMES))))
    klm = shipped_symphony("klm").bind(expand).unwrap()
    symbols = SymphonyStrategy("klm", klm).requirements.symbols
    real = REAL_BARS.is_dir()
    compared("K", klm, read_real(symbols) if real else seeded_history(symbols))
    if not real:
        print(f"K on seeded bars: there are no real ones at {REAL_BARS}")


if __name__ == "__main__":
    main()
