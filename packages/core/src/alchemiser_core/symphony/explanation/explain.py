"""The reasons of one decision: the path through the tree with values, margins and rankings.

The path can be as deep as the tree, so it is built by small generators on an explicit stack:
each yields the blocks whose reasons it needs and is sent those reasons back.
"""

from collections.abc import Callable, Generator, Iterator, Sequence
from typing import cast

import numpy as np
from attrs import define, field

from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.decision import Carried, LeftOut
from alchemiser_core.domain.measure import IndicatorKind, Measure
from alchemiser_core.domain.reasons import (
    BlockReason,
    Candidate,
    ConditionReason,
    FilterReason,
    HoldReason,
    Measured,
    Reason,
    ShareReason,
)
from alchemiser_core.domain.symbol import CASH, Symbol
from alchemiser_core.indicators import bars_needed
from alchemiser_core.symphony.ast import (
    Asset,
    Block,
    Filter,
    Group,
    If,
    Indicator,
    Operand,
    Symphony,
    WeightEqual,
    WeightInverseVolatility,
    WeightSpecified,
    walk,
)
from alchemiser_core.symphony.engine.compile import distinct_assets
from alchemiser_core.symphony.engine.program import Program
from alchemiser_core.symphony.engine.trace import ChoiceTrace, Trace
from alchemiser_core.symphony.explanation.causes import CauseFinder
from alchemiser_core.symphony.explanation.labels import block_label, measure_label, operand_label

Reasons = tuple[Reason, ...]
Steps = Generator[Sequence[Block], list[Reasons], Reasons]


@define
class _Frame:
    """A block whose reasons are being collected."""

    steps: Steps
    waiting: Iterator[Block]
    answers: list[Reasons] = field(factory=list)


def _run(steps_of: Callable[[Block], Steps], root: Block) -> Reasons:
    """Drive the generators without recursion."""

    def enter(block: Block) -> _Frame:
        steps = steps_of(block)
        return _Frame(steps, iter(next(steps)))

    stack = [enter(root)]
    while True:
        frame = stack[-1]
        block = next(frame.waiting, None)
        if block is not None:
            stack.append(enter(block))
            continue
        stack.pop()
        try:
            frame.steps.send(frame.answers)
        except StopIteration as finished:
            reasons: Reasons = finished.value
            if not stack:
                return reasons
            stack[-1].answers.append(reasons)


@define
class Explainer:
    """Explains the last session of a traced evaluation, which must be decidable."""

    program: Program
    trace: Trace
    history: BarHistory
    left_out: dict[LeftOut, None] = field(factory=dict)
    """Candidates left out by filters on the path, filled by `reasons`."""
    _finder: CauseFinder = field(init=False)
    _used: dict[Symbol, int] = field(factory=dict)
    """Longest window in which each symbol's prices were used on the path."""

    def __attrs_post_init__(self) -> None:
        session = self.history.session(len(self.history) - 1)
        self._finder = CauseFinder(self.program, self.trace, session)

    def reasons(self) -> Reasons:
        """The path from the root to the symbols held."""
        return _run(self._steps, self.program.symphony)

    def carried(self) -> tuple[Carried, ...]:
        """Symbols whose price was carried inside a window used on the path; after `reasons`."""
        runs = self.trace.runs
        if runs is None:
            raise ValueError("the trace is empty: evaluate with it first")
        found = []
        columns = {symbol: i for i, symbol in enumerate(self.program.symbols)}
        for symbol, bars in sorted(self._used.items()):
            column = columns[symbol]
            first = max(0, len(runs.age) - bars)
            carried = (runs.age[first:, column] >= 0) & ~runs.present[first:, column]
            rows = np.flatnonzero(carried) + first
            if rows.size:
                found.append(Carried(symbol, tuple(self.history.session(int(r)) for r in rows)))
        return tuple(found)

    def _steps(self, block: Block) -> Steps:
        match block:
            case Asset():
                return self._asset(block)
            case Group() | Symphony() | WeightEqual():
                return self._named(block)
            case WeightSpecified():
                return self._specified(block)
            case If():
                return self._condition(block)
            case Filter():
                return self._filter(block)
            case WeightInverseVolatility():
                return self._inverse_volatility(block)
            case _:
                raise TypeError(f"{type(block).__name__} in a symphony that is not plain")

    def _asset(self, block: Asset) -> Steps:
        yield ()
        return (HoldReason(str(block.symbol)),)

    def _named(self, block: Group | Symphony | WeightEqual) -> Steps:
        blocks = block.body if isinstance(block, Symphony) else block.children
        below = _bundle((yield blocks))
        if isinstance(block, Group):
            return (BlockReason(block_label(block), below),)
        return below

    def _specified(self, block: WeightSpecified) -> Steps:
        shares = [cast(float, share) for share in block.shares]
        kept = [(s, b) for s, b in zip(shares, block.bundles, strict=True) if s > 0]
        answers = iter((yield [child for _, bundle in kept for child in bundle]))
        return tuple(
            ShareReason(share / sum(shares), _bundle([next(answers) for _ in bundle]))
            for share, bundle in kept
        )

    def _condition(self, block: If) -> Steps:
        test = self.trace.tests[self.program.test_of[id(block)]]
        condition = block.condition
        for side in (condition.left, condition.right):
            if isinstance(side, Indicator):
                self._note_use(cast(Symbol, side.symbol), side.measure)
        below = _bundle((yield block.then if test.outcome else block.otherwise))
        return (
            ConditionReason(
                left=operand_label(condition.left),
                left_value=test.left,
                comparator=condition.comparator.value,
                right=operand_label(condition.right),
                right_value=test.right,
                outcome=test.outcome,
                margin=test.left - test.right,
                fragile=test.fragile,
                because=below,
                left_of=_measured_side(condition.left),
                right_of=_measured_side(condition.right),
            ),
        )

    def _filter(self, block: Filter) -> Steps:
        choice = self.trace.choices[self.program.node_of[id(block)]]
        blocks = distinct_assets(block.children)
        self._note_candidates(blocks, block.measure)
        out = self._finder.left_out(block)
        self.left_out.update(dict.fromkeys(out))
        chosen = [child for child, taken in zip(blocks, choice.chosen, strict=True) if taken]
        below = _bundle((yield chosen))
        return (
            FilterReason(
                measure=measure_label(block.measure),
                select=block.select.value,
                count=cast(int, block.count),
                ranking=_ranking(blocks, block.measure, choice, out),
                margin=choice.margin,
                fragile=choice.fragile,
                because=below,
            ),
        )

    def _inverse_volatility(self, block: WeightInverseVolatility) -> Steps:
        measure = Measure(IndicatorKind.STDEV_RETURN, (block.window,))
        self._note_candidates(block.children, measure)
        trace = self.trace.portions[self.program.node_of[id(block)]]
        answers = yield block.children
        pairs = zip(trace.portions, answers, strict=True)
        shares = tuple(ShareReason(float(portion), answer) for portion, answer in pairs)
        weighed = tuple(
            _candidate(child, measure, float(volatility), chosen=True)
            for child, volatility in zip(block.children, trace.volatility, strict=True)
        )
        return (BlockReason(block_label(block), shares, weighed),)

    def _note_candidates(self, blocks: Sequence[Block], measure: Measure) -> None:
        """What is measured looks at prices of the bare assets, or of those a block may hold."""
        for block in blocks:
            for held in walk(block):
                if isinstance(held, Asset):
                    self._note_use(cast(Symbol, held.symbol), measure)

    def _note_use(self, symbol: Symbol, measure: Measure) -> None:
        self._used[symbol] = max(self._used.get(symbol, 0), bars_needed(measure))


def _bundle(answers: Sequence[Reasons]) -> Reasons:
    """Several blocks split equally, one stands for itself, none is cash."""
    if not answers:
        return (HoldReason(CASH),)
    if len(answers) == 1:
        return answers[0]
    return tuple(ShareReason(1.0 / len(answers), answer) for answer in answers)


def _ranking(
    blocks: Sequence[Block], measure: Measure, choice: ChoiceTrace, left_out: tuple[LeftOut, ...]
) -> tuple[Candidate, ...]:
    ranked = [
        _candidate(blocks[i], measure, float(choice.scores[i]), chosen=bool(choice.chosen[i]))
        for i in choice.ranking
    ]
    return (*ranked, *(Candidate(out.label, None, False, out.reason) for out in left_out))


def _candidate(block: Block, measure: Measure, score: float, *, chosen: bool) -> Candidate:
    own = Measured(measure, cast(Symbol, block.symbol)) if isinstance(block, Asset) else None
    return Candidate(block_label(block), score, chosen, measured=own)


def _measured_side(operand: Operand) -> Measured | None:
    if isinstance(operand, Indicator):
        return Measured(operand.measure, cast(Symbol, operand.symbol))
    return None
