"""The shipped symphony files: they read, and they are written once."""

from collections import Counter

import numpy as np
import pytest
from returns.result import Failure, Success

from alchemiser_core.domain.rebalance_policy import Frequency, RebalancePolicy
from alchemiser_core.domain.undecidable import InsufficientHistory
from alchemiser_core.symphony import expand, read
from alchemiser_core.symphony.ast import Filter, Group, Symphony, Use, walk
from alchemiser_core.symphony.strategy import SymphonyStrategy
from alchemiser_strategies.shipped import SHIPPED, shipped_symphony, shipped_text

VARIANTS = ["506/38", "1280/26", "1200/28", "520/22", "530/18", "410/38", "nova", "830/21"]


def strategy(name, **parameters):
    overrides = {key.replace("_", "-"): value for key, value in parameters.items()}
    plain = shipped_symphony(name).bind(lambda tree: expand(tree, overrides))
    return SymphonyStrategy(name, plain.unwrap())


def weights_by_row(decisions):
    return {
        int(row): dict(zip(decisions.symbols, line.tolist(), strict=True))
        for row, line in zip(decisions.rows, decisions.weights, strict=True)
    }


@pytest.mark.parametrize("name", SHIPPED)
def test_every_file_reads_without_a_warning_and_bears_its_name(name):
    found = read(shipped_text(name)).unwrap()

    assert found.warnings == ()
    assert found.symphony.name == name


def test_a_name_that_does_not_ship_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="nuclear, tecl, klm"):
        shipped_text("no-such-symphony")


def test_nuclear_and_tecl_trade_daily_and_klm_at_ten_points_of_drift():
    assert strategy("nuclear").policy == RebalancePolicy(Frequency.DAILY)
    assert strategy("tecl").policy == RebalancePolicy(Frequency.DAILY)
    assert strategy("klm").policy.threshold == 0.1


@pytest.mark.parametrize(
    ("name", "traded", "watched"),
    [
        (
            "nuclear",
            "BTAL BWXT EXC LEU NLR OKLO PSQ QQQ SMR SQQQ TQQQ UPRO UVXY",
            "IEF IOO SPY TLT VOX VTV XLF",
        ),
        ("tecl", "BIL BSV SPXL SQQQ TECL UVXY", "KMLM SPY TQQQ XLK"),
    ],
)
def test_requirements_name_what_is_traded_and_what_is_only_watched(name, traded, watched):
    requirements = strategy(name).requirements

    assert requirements.traded == tuple(traded.split())
    assert requirements.watched == tuple(watched.split())
    assert requirements.warm_up == 200


def test_klm_needs_its_own_series_on_top_of_the_longest_window():
    assert strategy("klm").requirements.warm_up == 205


def test_lesson_no_copied_variants():
    klm = shipped_symphony("klm").unwrap()

    uses = Counter(block.definition for block in walk(klm) if isinstance(block, Use))

    assert uses["variant"] == 7
    assert uses["scale-in"] == 1
    assert shipped_text("klm").count('"QQQE"') == 1


def test_the_variants_of_klm_stand_in_the_given_order():
    (ensemble,) = strategy("klm").symphony.body

    assert isinstance(ensemble, Filter)
    assert [block.name for block in ensemble.children if isinstance(block, Group)] == VARIANTS


def own_returns(history, held):
    """Return of what was held from each row to the next; NaN where it was undecidable."""
    earned = np.full(len(history), np.nan)
    for row in held:
        if row + 1 in held:
            moves = history.close[row + 1] / history.close[row] - 1
            earned[row + 1] = sum(
                weight * moves[history.columns[symbol]]
                for symbol, weight in held[row].items()
                if weight
            )
    return earned


def test_lesson_ensemble_is_ranked_by_each_variants_own_series(synthetic_market):
    klm = strategy("klm")
    history = synthetic_market(klm.requirements.symbols, sessions=500)
    rows = range(len(history))
    (ensemble,) = klm.symphony.body
    deviations, held = [], []
    for block in ensemble.children:
        alone = SymphonyStrategy("alone", Symphony("alone", (block,)))
        found = weights_by_row(alone.decide_all(history).unwrap())
        earned = own_returns(history, found)
        deviations.append(
            [np.std(earned[row - 4 : row + 1], ddof=1) if row >= 4 else np.nan for row in rows]
        )
        held.append(found)
    winners = Counter()
    for row, weights in weights_by_row(klm.decide_all(history).unwrap()).items():
        scores = [line[row] for line in deviations]
        best = round(float(np.nanmax(scores)), 12)
        winner = next(i for i, score in enumerate(scores) if round(float(score), 12) == best)
        winners[VARIANTS[winner]] += 1
        expected = {symbol: w for symbol, w in held[winner][row].items() if w}
        assert {s: w for s, w in weights.items() if w} == pytest.approx(expected, abs=1e-12)
    assert len(winners) >= 4
    assert winners["506/38"] < sum(winners.values()) / 2


def test_a_variant_without_a_gate_does_not_ask_for_the_gates_history(synthetic_market):
    klm = strategy("klm")
    history = synthetic_market(
        klm.requirements.symbols, 260, young={"UVXY": 999, "UVIX": 999, "FNGU": 999}
    )
    (ensemble,) = klm.symphony.body
    decided = {}
    for block in ensemble.children:
        alone = SymphonyStrategy("alone", Symphony("alone", (block,)))
        decided[block.name] = len(alone.decide_all(history).unwrap().rows)

    assert decided["1280/26"] > 0
    assert decided["1200/28"] == 0
    assert decided["nova"] == 0


def test_a_young_symbol_in_a_condition_is_an_error_that_names_it(synthetic_market):
    tecl = strategy("tecl", nasdaq_overbought=100, spy_overbought=100, nasdaq_oversold=0,
                    spxl_oversold=0, panic=100, fear=100)  # fmt: skip
    history = synthetic_market(tecl.requirements.symbols, 260, young={"KMLM": 255})

    match tecl.decide(history, history.session(259)):
        case Failure(undecidable):
            assert undecidable.causes == (InsufficientHistory("KMLM", "rsi 10", 11, 5),)
        case Success(decision):
            pytest.fail(f"decided {decision}")


def test_a_young_symbol_in_a_filter_is_left_out_and_named(synthetic_market):
    nuclear = strategy("nuclear", overbought=100, oversold=0, trend_window=1)
    always_bull = SymphonyStrategy("bull", Symphony("bull", _bull(nuclear)))
    history = synthetic_market(nuclear.requirements.symbols, 260, young={"SMR": 200, "OKLO": 999})

    decision = always_bull.decide(history, history.session(259)).unwrap()

    assert {out.label: out.reason for out in decision.left_out} == {
        "SMR": "moving-average-return 90 needs 91 bars, 60 are there",
        "OKLO": f"no price on {history.session(259)}",
    }
    assert set(decision.weights.values()) == {1 / 3}


def _bull(nuclear):
    return tuple(b for b in walk(nuclear.symphony) if isinstance(b, Group) and b.name == "bull")[:1]


def test_before_any_candidate_has_listed_the_filter_cannot_be_decided(synthetic_market):
    nuclear = strategy("nuclear")
    stocks = ["SMR", "BWXT", "LEU", "EXC", "NLR", "OKLO"]
    history = synthetic_market(nuclear.requirements.symbols, 260, young=dict.fromkeys(stocks, 250))
    bull = SymphonyStrategy("bull", Symphony("bull", _bull(nuclear)))

    undecidable = bull.decide(history, history.session(259)).failure()

    (cause,) = undecidable.causes
    assert [candidate.label for candidate in cause.candidates] == stocks


def test_parameters_reach_the_rules_they_name():
    assert strategy("nuclear", volatility="VIXY").requirements.traded.count("VIXY") == 1
    assert strategy("nuclear", trend_window=250).requirements.warm_up == 250
    assert "CEG" in strategy("nuclear", bull_symbols=("CEG", "CCJ")).requirements.traded
    assert strategy("tecl", growth="SOXL").requirements.traded[3] == "SPXL"


def test_a_parameter_can_be_set_for_one_variant_alone():
    plain = shipped_symphony("klm").bind(lambda tree: expand(tree, {"nova.vix-gate": "VIXY"}))

    watched = SymphonyStrategy("klm", plain.unwrap()).requirements.symbols

    assert "UVIX" not in watched
    assert "UVXY" in watched


def test_an_unknown_parameter_is_refused_with_those_there_are():
    failure = (
        shipped_symphony("tecl").bind(lambda tree: expand(tree, {"overbougth": 80.0})).failure()
    )

    (problem,) = failure.problems()
    assert "overbougth" in problem.what
    assert "nasdaq-overbought" in problem.why
