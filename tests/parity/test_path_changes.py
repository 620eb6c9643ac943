"""Where the path is said to have changed, against the reasons of both dates."""

from itertools import pairwise
from random import Random

import pytest
from random_trees import TreeMaker, gapped_history

from alchemiser_core.domain.reasons import (
    BlockReason,
    ConditionReason,
    FilterReason,
    Reason,
    ShareReason,
)
from alchemiser_core.symphony.strategy import SymphonyStrategy


def outcomes(reasons: tuple[Reason, ...]) -> tuple[object, ...]:
    """The path without its values: which way each condition went, and what each filter chose."""
    found: list[object] = []
    for reason in reasons:
        match reason:
            case ConditionReason():
                found.append((reason.outcome, outcomes(reason.because)))
            case FilterReason():
                chosen = frozenset(c.label for c in reason.ranking if c.chosen)
                found.append((chosen, outcomes(reason.because)))
            case ShareReason() | BlockReason():
                found.append(outcomes(reason.because))
            case _:
                found.append(reason)
    return tuple(found)


@pytest.mark.parametrize("seed", range(5_000, 5_040))
def test_the_path_changed_where_the_reasons_of_two_decisions_differ(seed):
    strategy = SymphonyStrategy("random", TreeMaker(Random(seed)).symphony())
    history = gapped_history(seed)
    decisions = strategy.decide_all(history).unwrap()
    paths = [
        outcomes(strategy.decide(history, history.session(int(row))).unwrap().reasons)
        for row in decisions.rows
    ]

    differs = [now != before for before, now in pairwise(paths)]

    assert decisions.path_changed[1:].tolist() == differs
    assert not decisions.path_changed[:1].any()
