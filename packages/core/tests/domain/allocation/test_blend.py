from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alchemiser_core.domain.allocation.blend import blend, capital_shares
from alchemiser_core.domain.allocation.target_weights import ALL_CASH, target_weights
from alchemiser_core.domain.money import Usd, usd
from alchemiser_core.domain.symbol import Symbol

SPY, TLT, GLD = Symbol("SPY"), Symbol("TLT"), Symbol("GLD")


def test_a_blend_weighs_every_target_by_the_equity_of_its_book():
    targets = {
        "a": target_weights({SPY: 1.0}).unwrap(),
        "b": target_weights({SPY: 0.2, TLT: 0.4}).unwrap(),
    }
    blended = blend(targets, {"a": usd(3000), "b": usd(1000)}).unwrap()
    assert blended.weights == {SPY: Decimal("0.8"), TLT: Decimal("0.1")}
    assert blended.total == Decimal("0.9")


def test_a_book_without_equity_has_no_say():
    targets = {"a": target_weights({SPY: 1.0}).unwrap(), "b": target_weights({TLT: 1.0}).unwrap()}
    assert blend(targets, {"a": usd(10), "b": usd(0)}).unwrap().weights == {SPY: 1}


def test_the_blend_of_cash_is_cash():
    assert blend({"a": ALL_CASH}, {"a": usd(10)}).unwrap() == ALL_CASH


@pytest.mark.parametrize("equity", [{"a": usd(0), "b": usd(0)}, {"a": usd(-1), "b": usd(9)}])
def test_books_without_equity_cannot_be_blended(equity):
    (problem,) = blend({"a": ALL_CASH, "b": ALL_CASH}, equity).failure().problems()
    assert problem.code == "no-book-equity"


def test_targets_and_equity_are_of_the_same_strategies():
    with pytest.raises(ValueError, match="equity of"):
        blend({"a": ALL_CASH}, {"b": usd(1)})


@given(
    st.lists(
        st.tuples(
            st.decimals("0.01", 10**9, places=2),
            st.lists(st.floats(0, 1), min_size=3, max_size=3),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_a_blend_never_exceeds_the_largest_of_its_targets(books):
    targets, equity = {}, {}
    for i, (amount, raw) in enumerate(books):
        scale = max(1.0, sum(raw) * (1 + 1e-12))
        weights = {s: w / scale for s, w in zip((SPY, TLT, GLD), raw, strict=True)}
        targets[f"s{i}"] = target_weights(weights).unwrap()
        equity[f"s{i}"] = Usd(amount)
    blended = blend(targets, equity).unwrap()
    for symbol in (SPY, TLT, GLD):
        expected = sum(equity[n] * targets[n].of(symbol) for n in targets) / sum(equity.values())
        assert abs(blended.of(symbol) - expected) < Decimal("1E-24")
    assert blended.total <= max(t.total for t in targets.values()) + Decimal("1E-24")


def test_capital_shares_add_up_to_exactly_one():
    shares = {"b": Decimal("0.3333"), "a": Decimal("0.3334"), "c": Decimal("0.3333")}
    assert list(capital_shares(shares).unwrap().shares) == ["a", "b", "c"]


@pytest.mark.parametrize("share", ["0.34", "0.3333", "0.3333333333333333333333333333"])
def test_lesson_shares_that_miss_one_by_anything_are_refused(share):
    (problem,) = capital_shares(dict.fromkeys("abc", Decimal(share))).failure().problems()
    assert problem.code == "shares-not-one"


def test_no_shares_are_no_portfolio():
    assert capital_shares({}).failure().problems()[0].code == "shares-not-one"


def test_every_bad_share_is_named():
    refused = capital_shares({"a": Decimal(0), "b": Decimal("NaN"), "c": Decimal(1)}).failure()
    assert [p.where for p in refused.problems()] == ["a", "b"]
