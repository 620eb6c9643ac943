"""The engine, all dates at once, against the plain evaluator, date by date."""

import re
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_evaluator import PlainEvaluator, Undecided, decide_all_plain, decide_plain
from random_trees import ABSENT, SYMBOLS, TreeMaker, gapped_history
from symphony_of_17741_lines import LINES, seeded_history, symphony_text

from alchemiser_core.symphony import read
from alchemiser_core.symphony.ast import children_of
from alchemiser_core.symphony.strategy import SymphonyStrategy
from alchemiser_core.testing.symphonies import symphonies

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


@pytest.mark.parametrize("first", range(0, 120, 40))
def test_random_symphonies_on_gapped_histories_are_decided_alike(first):
    for seed in range(first, first + 40):
        symphony, history = random_case(seed)

        decisions = SymphonyStrategy("random", symphony).decide_all(history).unwrap()

        assert_same_rows(by_row(decisions), decide_all_plain(symphony, history))


@settings(max_examples=100, deadline=None)
@given(symphony=symphonies((*SYMBOLS, ABSENT), max_window=8), seed=st.integers(0, 1_000))
def test_any_symphony_on_any_gapped_history_is_decided_alike(symphony, seed):
    history = gapped_history(seed, sessions=40)
    strategy = SymphonyStrategy("any", symphony)

    rows = by_row(strategy.decide_all(history).unwrap())

    assert_same_rows(rows, decide_all_plain(symphony, history))
    for row in (15, 39):
        alone = strategy.decide(history, history.session(row)).value_or(None)
        assert (None if alone is None else dict(alone.weights)) == rows.get(row)
    truncated = by_row(strategy.decide_all(history.rows(0, 25)).unwrap())
    assert truncated == {row: weights for row, weights in rows.items() if row < 25}


def test_a_large_symphony_of_public_shape_is_decided_alike():
    plain = read(symphony_text(lines=1_200, seed=3, depth=60)).unwrap().symphony
    history = seeded_history(sessions=130)
    # Every twentieth session: the plain evaluator decides one block after the other.
    judge = PlainEvaluator(history)
    judged = {row: judge.decide(plain, row) for row in range(9, 130, 20)}

    rows = by_row(SymphonyStrategy("large", plain).decide_all(history).unwrap())

    for row, expected in judged.items():
        assert isinstance(expected, Undecided) == (row not in rows)
        if row in rows:
            assert rows[row] == pytest.approx(expected, abs=TOLERANCE, rel=0)
    assert any(row in rows for row in judged)


def test_the_text_of_17741_lines_is_what_it_says():
    text = symphony_text()

    assert text == symphony_text()
    assert text.count("\n") == LINES == 17_741
    symphony = read(text).unwrap().symphony
    depth, blocks = 0, [(symphony, 1)]
    total = 0
    while blocks:
        block, level = blocks.pop()
        total, depth = total + 1, max(depth, level)
        blocks.extend((child, level + 1) for child in children_of(block))
    assert 15_000 < total <= 34_000
    assert 285 <= depth <= 500


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
    """Those about symbols word for word; those about blocks are labelled differently.

    Where all candidates of a filter are out, the engine also says what stands behind each of them.
    """
    compared = 0
    for seed in range(60):
        symphony, history = random_case(seed)
        for row in (20, 40, 59):
            judged = decide_plain(symphony, history, row)
            if not isinstance(judged, Undecided):
                continue
            found = SymphonyStrategy("random", symphony).decide(history, history.session(row))
            said = {problem.what for problem in found.failure().problems()}
            assert about_symbols(said) >= about_symbols(judged.reasons)
            if not any(what.startswith("no candidate") for what in said):
                assert about_symbols(said) == about_symbols(judged.reasons)
            compared += bool(about_symbols(said))
    assert compared > 25


def about_symbols(reasons):
    return {reason for reason in reasons if ABOUT_A_SYMBOL.match(reason)}
