"""A symphony as large as the largest public ones, and the bars to decide it on, both seeded.

    python benchmarks/symphony_of_17741_lines.py

times the way from text to weights: 17,741 lines, at most 34,000 nodes, nearly 300 blocks deep,
filters over groups, filters inside filters, one filter over 495 symbols; 1,200 symbols x 2,520
sessions. As in public symphonies, about a quarter of the strategies inside are copies.
"""

import argparse
import resource
import sys
import time
from collections.abc import Callable, Iterator
from itertools import count
from random import Random

import numpy as np
from attrs import define, field, frozen

from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.symbol import Symbol

LINES = 17_741
DEPTH = 290
SYMBOLS = tuple(Symbol(f"S{number:04d}") for number in range(1_200))
SESSIONS = 2_520


# --- bars ----------------------------------------------------------------------------------------


def seeded_history(
    symbols: tuple[Symbol, ...] = SYMBOLS, sessions: int = SESSIONS, seed: int = 7
) -> BarHistory:
    """Closes that move with a common market factor, rounded to four decimals."""
    rng = np.random.default_rng(seed)
    volatility = rng.uniform(0.006, 0.022, len(symbols))
    drift = rng.uniform(0.0, 0.0006, len(symbols))
    beta = rng.uniform(0.2, 1.2, len(symbols))
    market = rng.normal(0.0, 0.008, (sessions, 1))
    own = rng.normal(0.0, 1.0, (sessions, len(symbols)))
    close = 100 * np.exp(np.cumsum(drift + beta * market + volatility * own, axis=0))
    first = np.datetime64("2012-01-02")
    days = np.busday_offset(first, np.arange(sessions), roll="forward")
    return BarHistory(
        sessions=days,
        symbols=symbols,
        close=np.round(close, 4),
        source=f"seeded prices ({seed})",
        synthetic=True,
    )


# --- text ----------------------------------------------------------------------------------------


@frozen
class Form:
    """`(head children…)`: the head on a line of its own, each child below it."""

    head: str
    children: tuple["Text", ...]


@frozen
class Vector:
    """`[children…]`, the bracket on the line of the first child."""

    children: tuple["Text", ...]


Text = str | Form | Vector


def lines_of(text: Text) -> list[str]:
    """Indented lines, without recursion: trees are hundreds of levels deep."""
    lines: list[str] = []
    stack: list[tuple[Text, int, str, str]] = [(text, 0, "", "")]
    while stack:
        node, indent, before, after = stack.pop()
        if isinstance(node, str):
            lines.append(" " * indent + before + node + after)
            continue
        if isinstance(node, Form):
            lines.append(" " * indent + before + "(" + node.head)
            indent, before, closing = indent + len(before) + 1, "", ")"
        else:
            before, closing = before + "[", "]"
        stack.extend(reversed(list(_placed(node.children, indent, before, closing + after))))
    return lines


def _placed(
    children: tuple[Text, ...], indent: int, before: str, after: str
) -> Iterator[tuple[Text, int, str, str]]:
    last = len(children) - 1
    for place, child in enumerate(children):
        deeper = indent if place == 0 else indent + len(before)
        yield child, deeper, before if place == 0 else "", after if place == last else ""


# --- a symphony ----------------------------------------------------------------------------------


@define
class Composer:
    """Makes up blocks of the shapes that public symphonies are built from."""

    random: Random
    _numbers: Iterator[int] = field(factory=lambda: count(1))

    def symbol(self) -> str:
        return f'"{self.random.choice(SYMBOLS)}"'

    def asset(self, symbol: str | None = None) -> str:
        return f'(asset {symbol or self.symbol()} "made up")'

    def assets(self, number: int) -> Vector:
        chosen = self.random.sample(SYMBOLS, number)
        return Vector(tuple(self.asset(f'"{symbol}"') for symbol in chosen))

    def condition(self) -> str:
        kind = self.random.random()
        one, other = self.symbol(), self.symbol()
        if kind < 0.5:
            window = self.random.choice((5, 10, 10, 10, 14, 21))
            comparator, threshold = self.random.choice(((">", 75), (">", 70), ("<", 30), ("<", 35)))
            return f"({comparator} (rsi {one} {{:window {window}}}) {threshold})"
        if kind < 0.7:
            window = self.random.choice((10, 20, 50, 100, 200))
            return f"(> (current-price {one}) (moving-average-price {one} {{:window {window}}}))"
        if kind < 0.85:
            window = self.random.choice((10, 20, 60))
            return f"(> (rsi {one} {{:window {window}}}) (rsi {other} {{:window {window}}}))"
        if kind < 0.95:
            window = self.random.choice((1, 5, 20, 60))
            return f"(< (cumulative-return {one} {{:window {window}}}) -{window / 4 + 1})"
        window = self.random.choice((10, 20))
        return f"(> (stdev-return {one} {{:window {window}}}) 2)"

    def measure(self) -> str:
        kind, windows = self.random.choice(
            (
                ("rsi", (5, 10, 14)),
                ("moving-average-return", (5, 10, 20, 90)),
                ("cumulative-return", (5, 10, 20, 60)),
                ("stdev-return", (5, 10, 20)),
                ("max-drawdown", (10, 20)),
            )
        )
        return f"({kind} {{:window {self.random.choice(windows)}}})"

    def select(self, most: int = 3) -> str:
        return f"(select-{self.random.choice(('top', 'bottom'))} {self.random.randint(1, most)})"

    def group(self, block: Text) -> Form:
        # Names repeat, as they do in public symphonies.
        return Form(f'group "part {next(self._numbers) % 40}"', (Vector((block,)),))

    def branch(self, then: Text, otherwise: Text) -> Form:
        return Form(f"if {self.condition()}", (Vector((then,)), Vector((otherwise,))))

    def filter(self, candidates: Vector, most: int = 3) -> Form:
        return Form(f"filter {self.measure()} {self.select(most)}", (candidates,))

    def small(self) -> Text:
        """A leaf of a strategy: an asset, a split or a filter over symbols."""
        kind = self.random.random()
        if kind < 0.35:
            return self.asset()
        if kind < 0.6:
            return Form("weight-equal", (self.assets(self.random.randint(2, 5)),))
        if kind < 0.7:
            shares = (f"0.{whole} {self.asset()}" for whole in (6, 4))
            return Form("weight-specified", tuple(shares))
        if kind < 0.75:
            window = self.random.choice((10, 20, 30))
            return Form(f"weight-inverse-volatility {window}", (self.assets(3),))
        return self.filter(self.assets(self.random.randint(3, 12)))

    def ladder(self, steps: int) -> Text:
        """`if` in the else of `if`: what overbought and oversold rules look like."""
        block = self.small()
        for _ in range(steps):
            block = self.branch(self.small(), block)
        return block

    def strategy(self, level: int = 2) -> Text:
        """A ladder that ends in a filter or an inverse-volatility weight over smaller ones."""
        if level == 0:
            return self.ladder(self.random.randint(1, 5))
        parts = Vector(
            tuple(self.group(self.strategy(level - 1)) for _ in range(self.random.randint(2, 6)))
        )
        end: Text = (
            Form(f"weight-inverse-volatility {self.random.choice((10, 20, 45))}", (parts,))
            if self.random.random() < 0.2
            else self.filter(parts, 2)
        )
        for _ in range(self.random.randint(2, 8)):
            end = self.branch(self.small(), end)
        return end

    def deep(self, depth: int) -> Text:
        """Groups inside `if`s inside weights, `depth` blocks deep."""
        block = self.small()
        for _ in range(depth // 3):
            inner = self.group(Form("weight-equal", (Vector((block,)),)))
            block = self.branch(self.small(), inner)
        return block

    def wide(self, candidates: int) -> Text:
        """A filter over hundreds of small groups."""
        groups = (
            self.group(Form("weight-equal", (self.assets(self.random.randint(2, 4)),)))
            for _ in range(candidates)
        )
        return self.filter(Vector(tuple(groups)), 5)


def symphony_text(
    lines: int = LINES, seed: int = 7, depth: int = DEPTH, copied: float = 0.25
) -> str:
    """EDN text of exactly `lines` lines; the same seed gives the same text."""
    composer = Composer(Random(seed))
    strategies: list[Text] = []
    parts = [
        composer.group(block)
        for block in (
            composer.filter(composer.assets(min(495, lines // 30)), 10),
            composer.wide(lines // 90),
            composer.deep(depth),
        )
    ]
    left = lines - len(lines_of(_whole(parts, composer))) - 3
    while left > 400:
        if strategies and composer.random.random() < copied:
            block = composer.random.choice(strategies)
        else:
            block = composer.strategy()
            strategies.append(block)
        part = composer.group(block)
        if len(lines_of(part)) < left:
            parts.append(part)
            left -= len(lines_of(part))
    rest = composer.group(Form("weight-equal", (composer.assets(left + 1),)))
    return "\n".join(lines_of(_whole([*parts, rest], composer))) + "\n"


def _whole(parts: list[Form], composer: Composer) -> Form:
    attributes = '{:asset-class "EQUITIES", :rebalance-frequency :daily}'
    body = Form(
        "filter (moving-average-return {:window 20}) (select-top 10)", (Vector(tuple(parts)),)
    )
    return Form(f'defsymphony "seeded" {attributes}', (body,))


# --- timing --------------------------------------------------------------------------------------


def _timed(name: str, work: Callable[[], object]) -> tuple[object, float]:
    start = time.process_time(), time.perf_counter()
    result = work()
    processor, wall = time.process_time() - start[0], time.perf_counter() - start[1]
    print(f"{name:<8} {processor:7.3f} s CPU {wall:7.3f} s wall   peak {peak_memory():6.0f} MB")
    return result, wall


def peak_memory() -> float:
    """Highest resident memory of the process so far, megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(arguments: list[str] | None = None) -> None:
    """Print the time of each step, the sum and the peak of memory."""
    from alchemiser_core.symphony import expand, read
    from alchemiser_core.symphony.ast import walk
    from alchemiser_core.symphony.strategy import SymphonyStrategy

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=LINES)
    parser.add_argument("--sessions", type=int, default=SESSIONS)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--text", help="only write the text to this file")
    options = parser.parse_args(arguments)
    text = symphony_text(options.lines, options.seed)
    if options.text:
        with open(options.text, "w", encoding="utf-8") as file:
            file.write(text)
        return
    history = seeded_history(sessions=options.sessions)
    print(
        f"{text.count(chr(10)):,} lines, {len(text):,} characters; before: {peak_memory():.0f} MB"
    )
    plain, reading = _timed("read", lambda: read(text).unwrap().symphony)
    plain, expanding = _timed("expand", lambda: expand(plain).unwrap())
    print(f"{sum(1 for _ in walk(plain)):,} blocks")
    strategy = SymphonyStrategy("seeded", plain)
    program, compiling = _timed("compile", lambda: strategy.program)
    print(f"{len(program.nodes):,} different nodes, {len(program.tests):,} conditions")
    decisions, deciding = _timed("decide", lambda: strategy.decide_all(history).unwrap())
    print(f"{len(decisions.rows):,} decidable sessions")
    print(f"total    {reading + expanding + compiling + deciding:.2f} s wall")


if __name__ == "__main__":
    main(sys.argv[1:])
