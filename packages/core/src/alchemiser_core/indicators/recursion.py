"""First-order recursions `state = state * decay + input` of many series, restarted at seeds.

They must run one session after the other. All states stand side by side, so that a session costs
two array operations however many there are; a handful of states is quicker as plain Python floats.
Both ways do the same multiplications and additions, so that their results are the same bits.
"""

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

_BLOCK = 256
"""Sessions that are brought side by side at a time, small enough to stay in cache."""
_SESSION_COST = 16
"""Steps of a plain Python state that take as long as one session of all states side by side."""


@frozen(eq=False)
class Seeds:
    """Where states are set: from `row` on the recursion runs, to `stop` (exclusive)."""

    state: NDArray[np.intp]
    row: NDArray[np.intp]
    stop: NDArray[np.intp]
    value: NDArray[np.float64]


def scan(
    inputs: NDArray[np.float64],
    source: NDArray[np.intp],
    decay: NDArray[np.float64],
    seeds: Seeds,
) -> NDArray[np.float64]:
    """All states over all sessions, states x sessions.

    `inputs` is rows x sessions; state i reads row `source[i]` and fades by `decay[i]` a session.
    What lies between the stop of one seed and the row of the next has no meaning.
    """
    sessions = inputs.shape[1]
    if not len(seeds.row):
        return np.full((len(source), sessions), np.nan)
    steps = int((seeds.stop - seeds.row).sum())
    if steps < _SESSION_COST * (sessions - int(seeds.row.min())):
        return scan_narrow(inputs, source, decay, seeds)
    return scan_wide(inputs, source, decay, seeds)


def scan_narrow(
    inputs: NDArray[np.float64],
    source: NDArray[np.intp],
    decay: NDArray[np.float64],
    seeds: Seeds,
) -> NDArray[np.float64]:
    """`scan`, state by state, as Python floats."""
    states = np.full((len(source), inputs.shape[1]), np.nan)
    for state, row, stop, value in zip(
        seeds.state.tolist(),
        seeds.row.tolist(),
        seeds.stop.tolist(),
        seeds.value.tolist(),
        strict=True,
    ):
        fade = float(decay[state])
        current = value
        states[state, row] = value
        steps = inputs[source[state], row + 1 : stop].tolist()
        states[state, row + 1 : stop] = [current := current * fade + step for step in steps]
    return states


def scan_wide(
    inputs: NDArray[np.float64],
    source: NDArray[np.intp],
    decay: NDArray[np.float64],
    seeds: Seeds,
) -> NDArray[np.float64]:
    """`scan`, session by session, all states side by side."""
    sessions = inputs.shape[1]
    states = np.empty((len(source), sessions))
    order = np.argsort(seeds.row, kind="stable")
    rows, first_of_row = np.unique(seeds.row[order], return_index=True)
    groups = np.split(order, first_of_row[1:])
    previous = np.full(len(source), np.nan)
    event = 0
    states[:, : rows[0]] = np.nan
    for begin in range(int(rows[0]), sessions, _BLOCK):
        end = min(begin + _BLOCK, sessions)
        block = np.ascontiguousarray(inputs[source, begin:end].T)
        done = 0
        while event < len(rows) and rows[event] < end:
            seeded = int(rows[event]) - begin
            previous = _run(block[done : seeded + 1], previous, decay)
            chosen = groups[event]
            previous[seeds.state[chosen]] = seeds.value[chosen]
            done = seeded + 1
            event += 1
        previous = _run(block[done:], previous, decay)
        states[:, begin:end] = block.T
    return states


def _run(
    rows: NDArray[np.float64], previous: NDArray[np.float64], decay: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Turn rows of inputs into rows of states, in place; the last state is returned."""
    multiply, add = np.multiply, np.add
    faded = np.empty_like(decay)
    for row in rows:
        multiply(previous, decay, faded)
        add(faded, row, row)
        previous = row
    return previous
