"""The pass from the root to the leaves: weight flows down, one vector per node, leaves add up."""

import numpy as np
from attrs import define, field
from numpy.typing import NDArray

from alchemiser_core.symphony.engine.evaluate import Evaluation
from alchemiser_core.symphony.engine.program import (
    Branch,
    Cash,
    Hold,
    InverseVolatility,
    Rank,
    Split,
)

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@define
class Flow:
    """Weights of every decidable session, and where an outcome on the active path changed."""

    evaluation: Evaluation
    rows: NDArray[np.intp]
    """Decidable sessions."""
    weights: Floats = field(init=False)
    """Shape (columns of the program, decidable sessions)."""
    changed: Flags = field(init=False)
    """Shape (decidable sessions,); the first is False."""
    _pending: dict[int, Floats] = field(factory=dict)
    _cut: slice | NDArray[np.intp] = field(init=False)

    def __attrs_post_init__(self) -> None:
        count = len(self.rows)
        self.weights = np.zeros((len(self.evaluation.program.symbols), count))
        self.changed = np.zeros(count, dtype=bool)
        whole = count and self.rows[-1] - self.rows[0] + 1 == count
        self._cut = slice(self.rows[0], self.rows[-1] + 1) if whole else self.rows

    def run(self) -> "Flow":
        """Let all of the weight flow from the root; parents before children."""
        program = self.evaluation.program
        self._pending[program.root] = np.ones(len(self.rows))
        for index in range(program.root, -1, -1):
            weight = self._pending.pop(index, None)
            if weight is not None:
                self._pass_on(index, weight)
        return self

    def _pass_on(self, index: int, weight: Floats) -> None:
        node = self.evaluation.program.nodes[index]
        match node:
            case Hold():
                self.weights[node.column] += weight
            case Cash():
                pass
            case Split():
                for share, child in zip(node.shares, node.children, strict=True):
                    self._give(child, weight * share)
            case Branch():
                self._branch(node, weight)
            case Rank():
                self._rank(index, node, weight)
            case InverseVolatility():
                portions = self.evaluation.portions[index][:, self._cut]
                for row, child in enumerate(node.children):
                    self._give(child, weight * portions[row])

    def _branch(self, node: Branch, weight: Floats) -> None:
        outcome = self.evaluation.outcomes[node.condition][self._cut]
        active = weight > 0
        self._mark(active, outcome[1:] != outcome[:-1])
        if node.then == node.otherwise:
            self._give(node.then, weight)
            return
        taken = active & outcome
        if taken.any():
            self._give(node.then, np.where(outcome, weight, 0.0))
        if taken.sum() < active.sum():
            self._give(node.otherwise, np.where(outcome, 0.0, weight))

    def _rank(self, index: int, node: Rank, weight: Floats) -> None:
        choice = self.evaluation.choices[index]
        chosen = choice.chosen[:, self._cut]
        self._mark(weight > 0, (chosen[:, 1:] != chosen[:, :-1]).any(axis=0))
        each = weight * choice.portion[self._cut]
        for row, child in enumerate(node.children):
            if chosen[row].any():
                self._give(child, np.where(chosen[row], each, 0.0))

    def _give(self, child: int, weight: Floats) -> None:
        waiting = self._pending.get(child)
        if waiting is None:
            self._pending[child] = weight
        else:
            self._pending[child] = waiting + weight

    def _mark(self, active: Flags, differs: Flags) -> None:
        # what was not active the session before became so by a change above it
        self.changed[1:] |= active[1:] & differs
