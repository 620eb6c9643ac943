"""The engine, all dates at once, against the plain evaluator, date by date."""

import re
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_evaluator import Undecided, decide_all_plain, decide_plain
from random_trees import TreeMaker, gapped_history

from alchemiser_core.symphony.strategy import SymphonyStrategy

TOLERANCE = 1e-12
ABOUT_A_SYMBOL = re.compile(
    r"[a-z0-9 -]+ of [A-Z.]+ needs|[A-Z.]+ would get weight but has no price"
)


def by_row(decisions):
    """Weights of each decidable row, without the zeros."""
    return {
        int(row): {s: w for s, w in zip(decisions.symbols, line.tolist(), strict=True) if w}
        for row, line in zip(decisions.rows, decisions.weights, strict=True)
    }


def assert_same_rows(engine, plain):
    decided = {row for row, found in enumerate(plain) if not isinstance(found, Undecided)}
    assert set(engine) == decided
    for row, weights in engine.items():
        expected = {symbol: weight for symbol, weight in plain[row].items() if weight}
        assert weights == pytest.approx(expected, abs=TOLERANCE, rel=0), f"row {row}"


def random_case(seed):
    return TreeMaker(Random(seed)).symphony(), gapped_history(seed)


@pytest.mark.parametrize("first", range(0, 240, 40))
def test_random_symphonies_on_gapped_histories_are_decided_alike(first):
    for seed in range(first, first + 40):
        symphony, history = random_case(seed)

        decisions = SymphonyStrategy("random", symphony).decide_all(history).unwrap()

        assert_same_rows(by_row(decisions), decide_all_plain(symphony, history))


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(10_000, 2**32), row=st.integers(0, 59))
def test_one_date_equals_its_row_and_knows_no_later_one(seed, row):
    symphony, history = random_case(seed)
    strategy = SymphonyStrategy("random", symphony)
    rows = by_row(strategy.decide_all(history).unwrap())

    alone = strategy.decide(history, history.session(row)).value_or(None)
    truncated = by_row(strategy.decide_all(history.rows(0, row + 1)).unwrap())
    judged = decide_plain(symphony, history, row)

    assert (None if alone is None else dict(alone.weights)) == rows.get(row)
    assert truncated == {known: rows[known] for known in rows if known <= row}
    assert isinstance(judged, Undecided) == (alone is None)


def test_undecidable_dates_have_the_same_causes():
    """Those about symbols word for word; those about blocks are labelled differently."""
    compared = 0
    for seed in range(120):
        symphony, history = random_case(seed)
        for row in (20, 40, 59):
            judged = decide_plain(symphony, history, row)
            if not isinstance(judged, Undecided):
                continue
            found = SymphonyStrategy("random", symphony).decide(history, history.session(row))
            said = {problem.what for problem in found.failure().problems()}
            assert about_symbols(said) == about_symbols(judged.reasons)
            compared += bool(about_symbols(said))
    assert compared > 50


def about_symbols(reasons):
    return {reason for reason in reasons if ABOUT_A_SYMBOL.match(reason)}
