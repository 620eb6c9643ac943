"""First-order recursions `state = state * decay + input` of many series, restarted at seeds.

They must run one session after the other. All states stand side by side, so that a session costs
two array operations however many there are; a handful of states is quicker as plain Python floats.
Both ways do the same multiplications and additions, so that their results are the same bits.
Inputs are asked for, and states handed over, a block of sessions at a time: nothing as large as all
states over all sessions is ever held.
"""

from collections.abc import Callable

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from alchemiser_core.domain.continuity import PriceRuns

Block = NDArray[np.float64]
"""Sessions x series."""
Inputs = Callable[[int, int], Block]
"""The rows of inputs from one session to another (exclusive)."""
Emit = Callable[[int, int, Block], None]
"""Takes the states from one session to another (exclusive)."""
Places = NDArray[np.intp]

_BLOCK = 128
"""Sessions that are brought side by side at a time, few enough to stay in cache."""
_SESSION_COST = 10
"""Steps of a plain Python state that take as long as one session of all states side by side."""


@frozen(eq=False)
class States:
    """State i reads column `source[i]` of the inputs and fades by `decay[i]` a session.

    A seed sets `state` to `value` on session `row`; from there the recursion runs to `stop`
    (exclusive). What lies between a stop and the next seed has no meaning.
    """

    source: Places
    decay: NDArray[np.float64]
    state: Places
    row: Places
    stop: Places
    value: NDArray[np.float64]


def seed_places(runs: PriceRuns, columns: Places, lead: Places) -> tuple[Places, Places, Places]:
    """State, row and stop of seeds that lie `lead` sessions behind the start of each run.

    State i belongs to column `columns[i]`; a run that is too short for its lead has no seed.
    """
    state, place = runs.runs.of(columns)
    row, stop = runs.runs.start[place] + lead[state], runs.runs.stop[place]
    long_enough = row < stop
    return state[long_enough], row[long_enough], stop[long_enough]


def scan(inputs: Inputs, states: States, sessions: int, emit: Emit) -> None:
    """Run all states from the first seed on, the cheaper way; nothing before it is handed over."""
    if not len(states.row):
        return
    steps = int((states.stop - states.row).sum())
    if steps < _SESSION_COST * (sessions - int(states.row.min())):
        scan_narrow(inputs, states, sessions, emit)
    else:
        scan_wide(inputs, states, sessions, emit)


def scan_narrow(inputs: Inputs, states: States, sessions: int, emit: Emit) -> None:
    """`scan`, state by state, as Python floats."""
    first = int(states.row.min())
    source, decay = states.source.tolist(), states.decay.tolist()
    series = inputs(first, sessions).T
    out = np.full((len(source), sessions - first), np.nan)
    row, stop = states.row - first, states.stop - first
    for state, begin, end, value in zip(
        states.state.tolist(), row.tolist(), stop.tolist(), states.value.tolist(), strict=True
    ):
        fade, current = decay[state], value
        steps = series[source[state], begin + 1 : end].tolist()
        out[state, begin] = value
        out[state, begin + 1 : end] = [current := current * fade + step for step in steps]
    emit(first, sessions, out.T)


def scan_wide(inputs: Inputs, states: States, sessions: int, emit: Emit) -> None:
    """`scan`, session by session, all states side by side."""
    order = np.argsort(states.row, kind="stable")
    rows, begins = np.unique(states.row[order], return_index=True)
    seeded = np.split(order, begins[1:])
    previous = np.full(len(states.source), np.nan)
    event = 0
    for begin in range(int(rows[0]), sessions, _BLOCK):
        end = min(begin + _BLOCK, sessions)
        block = np.take(inputs(begin, end), states.source, axis=1)
        done = 0
        while event < len(rows) and rows[event] < end:
            now = int(rows[event]) - begin + 1
            previous = _run(block[done:now], previous, states.decay)
            previous[states.state[seeded[event]]] = states.value[seeded[event]]
            done, event = now, event + 1
        previous = _run(block[done:], previous, states.decay)
        emit(begin, end, block)


def _run(rows: Block, previous: NDArray[np.float64], decay: NDArray[np.float64]) -> Block:
    """Turn rows of inputs into rows of states, in place; the last one is returned."""
    multiply, add = np.multiply, np.add
    faded = np.empty_like(decay)
    for row in rows:
        multiply(previous, decay, faded)
        add(faded, row, row)
        previous = row
    return previous
