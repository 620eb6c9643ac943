"""The shipped symphonies against their rules written out by hand, on real and synthetic bars."""

from collections import Counter

import numpy as np
import pytest
from attrs import evolve
from literal_rules import DEFINITIONS, KLM_VARIANTS, RULES, Market
from plain_evaluator import Undecided, decide_all_plain

from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.symphony import expand
from alchemiser_core.symphony.ast import Symphony, Use
from alchemiser_core.symphony.strategy import SymphonyStrategy
from alchemiser_strategies.shipped import SHIPPED, shipped_symphony

TOLERANCE = 1e-12
YOUNG = ("KMLM", "FNGU", "SVIX", "UVIX", "SMR", "OKLO", "FNGO", "VXX")


def shipped(name):
    return SymphonyStrategy(name, shipped_symphony(name).bind(expand).unwrap())


def engine_rows(strategy, history):
    decisions = strategy.decide_all(history).unwrap()
    rows = [None] * len(history)
    for row, line in zip(decisions.rows.tolist(), decisions.weights.tolist(), strict=True):
        rows[row] = {s: w for s, w in zip(decisions.symbols, line, strict=True) if w}
    return rows


def literal_rows(rule, history):
    market = Market(history)
    return [market.decide(rule, row) for row in range(len(history))]


def plain_rows(symphony, history):
    found = decide_all_plain(symphony, history)
    return [None if isinstance(f, Undecided) else {s: w for s, w in f.items() if w} for f in found]


def assert_same(engine, judged):
    assert [row is None for row in engine] == [row is None for row in judged]
    for row, (weights, expected) in enumerate(zip(engine, judged, strict=True)):
        if expected is not None:
            assert weights == pytest.approx(expected, abs=TOLERANCE, rel=0), f"row {row}"


def synthetic(symbols, seed, sessions=420):
    """Random walks around a common one in changing moods; some symbols list late or have holes."""
    rng = np.random.default_rng(seed)
    moods = rng.normal(0.0, 0.008, sessions // 30 + 1).repeat(30)[:sessions]
    common = moods + rng.normal(0.0, 0.01, sessions)
    beta = rng.uniform(-2.5, 3.0, len(symbols))
    own = rng.normal(0.0, 0.012, (sessions, len(symbols)))
    close = 100 * np.exp(np.cumsum(common[:, None] * beta + own, axis=0))
    for column, symbol in enumerate(symbols):
        if symbol in YOUNG:
            close[: rng.integers(0, sessions - 30), column] = np.nan
        elif rng.random() < 0.2:
            hole = rng.integers(210, sessions)
            close[hole : hole + rng.integers(1, 8), column] = np.nan
    days = np.busday_offset(np.datetime64("2022-01-03"), np.arange(sessions), roll="forward")
    return BarHistory(days, symbols, close)


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("seed", range(3))
def test_synthetic_days_are_decided_as_the_rules_say(name, seed):
    strategy = shipped(name)
    history = synthetic(strategy.requirements.symbols, seed)

    decided = engine_rows(strategy, history)

    assert_same(decided, literal_rows(RULES[name], history))
    assert sum(row is not None for row in decided) > 20


@pytest.mark.parametrize("name", SHIPPED)
def test_real_days_are_decided_as_the_rules_say(name, real_bars):
    strategy = shipped(name)
    whole = real_bars(strategy.requirements.symbols)
    history = whole.rows(len(whole) - 1_600, len(whole))

    decided = engine_rows(strategy, history)

    assert_same(decided, literal_rows(RULES[name], history))
    assert sum(row is not None for row in decided) > 1_000


@pytest.mark.parametrize(("name", "rule"), KLM_VARIANTS, ids=lambda value: str(value)[:8])
def test_every_variant_of_klm_is_decided_as_its_rules_say(name, rule):
    klm = shipped("klm")
    (ensemble,) = klm.symphony.body
    (block,) = (child for child in ensemble.children if child.name == name)
    history = synthetic(klm.requirements.symbols, seed=9)

    decided = engine_rows(SymphonyStrategy("variant", Symphony(name, (block,))), history)

    assert_same(decided, literal_rows(rule, history))


@pytest.mark.parametrize(("name", "part"), DEFINITIONS)
def test_rare_parts_are_decided_as_their_rules_say_wherever_they_stand(name, part):
    shipped_tree = shipped_symphony(name).unwrap()
    alone = expand(evolve(shipped_tree, body=(Use(part),))).unwrap()
    strategy = SymphonyStrategy(part, alone)
    for seed in range(20, 24):
        history = synthetic(strategy.requirements.symbols, seed)

        decided = engine_rows(strategy, history)

        assert_same(decided, literal_rows(DEFINITIONS[name, part], history))


@pytest.mark.parametrize("name", SHIPPED)
def test_the_plain_evaluator_agrees_on_the_last_two_real_years(name, real_bars):
    strategy = shipped(name)
    whole = real_bars(strategy.requirements.symbols)
    history = whole.rows(len(whole) - 504, len(whole))

    assert_same(engine_rows(strategy, history), plain_rows(strategy.symphony, history))


@pytest.mark.parametrize("name", SHIPPED)
def test_one_real_date_equals_its_row_bit_for_bit_and_knows_no_later_one(name, real_bars):
    strategy = shipped(name)
    history = real_bars(strategy.requirements.symbols)
    rows = engine_rows(strategy, history)
    chosen = np.random.default_rng(11).choice(np.arange(4_000, len(history)), 100, replace=False)

    for row in chosen.tolist():
        alone = strategy.decide(history, history.session(row)).value_or(None)
        assert (None if alone is None else dict(alone.weights)) == rows[row]
    for row in chosen.tolist()[:5]:
        assert engine_rows(strategy, history.rows(0, row + 1)) == rows[: row + 1]


def test_real_days_choose_among_all_variants(real_bars):
    klm = shipped("klm")
    history = real_bars(klm.requirements.symbols)
    (ensemble,) = klm.symphony.body
    variants = {
        block.name: engine_rows(SymphonyStrategy(block.name, Symphony("one", (block,))), history)
        for block in ensemble.children
    }

    held_as = Counter()
    for row, weights in enumerate(engine_rows(klm, history)):
        if weights is not None:
            held_as.update(name for name, rows in variants.items() if rows[row] == weights)

    assert set(held_as) == set(variants)
    assert held_as["506/38"] < sum(row is not None for row in engine_rows(klm, history)) / 2
