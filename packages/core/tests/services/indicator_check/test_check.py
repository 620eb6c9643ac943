"""The indicators of a decision by two vendors: what agrees, differs, flips, or is not there."""

import numpy as np
import pytest
from attrs import define, evolve

from alchemiser_core.domain.alert import Severity
from alchemiser_core.domain.bars import PriceBasis
from alchemiser_core.domain.measure import IndicatorKind, Measure
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.reasons import Measured
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.indicator_source import IndicatorQuestion
from alchemiser_core.ports.market_data import MarketDataUnavailable
from alchemiser_core.services.indicator_check import (
    CheckRules,
    StrategyPath,
    Tolerances,
    Verdict,
    check_indicators,
)
from alchemiser_core.services.indicator_check.points import ConditionPoint, Side
from alchemiser_core.services.indicator_check.questions import first_day, most_telling
from alchemiser_core.testing.indicator_source import InMemoryVendor
from alchemiser_core.testing.market_data import InMemoryMarketData

RSI = '(if (> (rsi "AAA" {:window 10}) %s) [(asset "AAA")] [(asset "BBB")])'
TREND = """(if (> (current-price "AAA") (moving-average-price "AAA" {:window 50}))
            [(asset "AAA")] [(asset "BBB")])"""
RANKING = """(filter (%s {:window 20}) (select-top 1)
              [(asset "AAA") (asset "BBB") (asset "CCC")])"""
EVERY_KIND = [
    '(rsi "AAA" {:window 10})',
    '(current-price "AAA")',
    '(moving-average-price "AAA" {:window 50})',
    '(exponential-moving-average-price "AAA" {:window 20})',
    '(cumulative-return "AAA" {:window 20})',
    '(moving-average-return "AAA" {:window 20})',
    '(stdev-return "AAA" {:window 20})',
    '(stdev-price "AAA" {:window 20})',
    '(max-drawdown "AAA" {:window 50})',
    '(percentage-price-oscillator "AAA" {:short-window 12 :long-window 26})',
    '(percentage-price-oscillator-signal "AAA" {:short-window 12 :long-window 26 '
    ":smooth-window 9})",
]


def check(decided, vendor, **rules):
    return check_indicators(decided, vendor, CheckRules(**rules))


def verdicts(report):
    return {str(each.measured): each.verdict for each in report.compared}


@pytest.mark.parametrize("indicator", EVERY_KIND)
def test_a_vendor_with_the_same_bars_agrees_in_every_indicator(decided, history, indicator):
    tree = f'(if (> {indicator} 1) [(asset "AAA")] [(asset "BBB")])'
    report = check(decided(tree), InMemoryVendor(history))
    (found,) = report.compared
    assert found.verdict is Verdict.WITHIN
    assert found.difference == pytest.approx(0.0, abs=1e-3)
    assert (report.flipped, report.alerts(), report.found) == ((), (), ())


@pytest.mark.parametrize("indicator", EVERY_KIND)
def test_prices_on_another_level_are_no_difference(decided, changed, indicator):
    tree = f'(if (> {indicator} 40) [(asset "AAA")] [(asset "BBB")])'
    report = check(decided(tree), InMemoryMarketData(changed("AAA", 0.25)))
    assert verdicts(report).popitem()[1] is Verdict.WITHIN
    assert not report.flipped


@pytest.mark.parametrize("indicator", [each for each in EVERY_KIND if "signal" not in each])
def test_a_last_close_that_is_5_percent_off_is_told_whatever_was_measured(
    decided, changed, indicator
):
    tree = f'(if (> {indicator} 1) [(asset "AAA")] [(asset "BBB")])'
    report = check(decided(tree), InMemoryMarketData(changed("AAA", 0.9, -1)))
    assert [each.verdict for each in report.differing] == [Verdict.DIFFERS]
    (alert,) = [each for each in report.alerts() if each.code == "indicators-differ"]
    assert alert.severity is Severity.WARNING
    assert alert.subject == str(report.as_of)
    assert "of AAA is " in alert.text


def test_an_outcome_that_would_be_another_is_critical(decided, history, changed):
    report = check(decided(RSI % 1), InMemoryMarketData(changed("AAA", 0.9, -1)))
    rsi = check(decided(RSI % 1), InMemoryMarketData(history)).compared[0].ours
    theirs = report.compared[0].theirs
    assert theirs < rsi
    report = check(decided(RSI % ((rsi + theirs) / 2)), InMemoryMarketData(changed("AAA", 0.9, -1)))
    (flip,) = report.flipped
    assert (flip.ours, flip.theirs) == ("yes", "no")
    alert = report.alerts()[0]
    assert (alert.code, alert.severity) == ("decision-would-differ", Severity.CRITICAL)
    assert "s1: rsi 10 of AAA > " in alert.text
    assert "is yes here and no there" in alert.text


def test_a_flip_within_the_tolerance_is_one_all_the_same(decided, history, changed):
    ours = check(decided(RSI % 1), InMemoryMarketData(history)).compared[0].ours
    vendor = InMemoryMarketData(changed("AAA", 0.9999, -1))
    report = check(decided(RSI % (ours - 1e-6)), vendor)
    assert [each.code for each in report.alerts()] == ["decision-would-differ"]


def test_both_sides_of_a_trend_are_the_vendors_own(decided, history, changed):
    """A price against its own average comes out by the vendor's prices, on whatever level."""
    here = check(decided(TREND), InMemoryMarketData(history)).outcomes[0].ours
    wrong = 0.8 if here == "yes" else 1.25
    report = check(decided(TREND), InMemoryMarketData(changed("AAA", wrong, -1)))
    assert report.outcomes[0].flips
    assert len(report.outcomes[0].measured) == 2
    moved = check(decided(TREND), InMemoryMarketData(changed("AAA", wrong)))
    assert not moved.outcomes[0].flips


def test_a_wrong_close_flips_a_price_that_is_held_against_a_number(decided, history, changed):
    price = float(history.close[-1, 0])
    tree = f'(if (> (current-price "AAA") {price * 0.97}) [(asset "AAA")] [(asset "BBB")])'
    report = check(decided(tree), InMemoryMarketData(changed("AAA", 0.95, -1)))
    assert report.outcomes[0].flips


@pytest.mark.parametrize("kind", ["rsi", "cumulative-return", "stdev-return", "max-drawdown"])
@pytest.mark.parametrize("end", ["top", "bottom"])
def test_a_ranking_that_would_choose_another_is_told(decided, changed, kind, end):
    tree = (RANKING % kind).replace("top", end)
    decision = decided(tree)
    (ranking,) = decision.paths[0].reasons
    best, second = ranking.ranking[0].label, ranking.ranking[1].label
    for symbol, by in ((best, 0.7), (best, 1.4), (second, 0.7)):
        report = check(decision, InMemoryMarketData(changed(symbol, by, -1)))
        if report.flipped:
            break
    (flip,) = report.flipped
    assert (flip.ours, flip.theirs) == (best, second)
    same = check(decision, InMemoryMarketData(decision.history))
    assert [each.flips for each in same.outcomes] == [False]


def test_what_the_vendor_does_not_have_yet_is_no_difference(decided, history):
    report = check(decided(TREND), InMemoryMarketData(history.rows(0, len(history) - 1)))
    assert set(verdicts(report).values()) == {Verdict.NOT_THERE_YET}
    assert report.has_nothing
    assert report.alerts() == ()


def test_a_symbol_that_the_vendor_does_not_know_is_called_so(decided, history):
    without = history.pick({"BBB": "BBB"})
    report = check(decided(RSI % 50), InMemoryMarketData(without))
    assert verdicts(report) == {"rsi 10 of AAA": Verdict.UNKNOWN}


def test_bars_that_do_not_reach_as_far_as_the_window_are_too_few(decided, history):
    report = check(decided(TREND), InMemoryMarketData(history.rows(260, 300)))
    assert verdicts(report)["moving-average-price 50 of AAA"] is Verdict.TOO_SHORT
    assert verdicts(report)["current-price of AAA"] is Verdict.WITHIN


def test_a_vendor_without_an_answer_leaves_its_problems_in_the_report(decided, history):
    down = MarketDataUnavailable((Problem("down", "the vendor is down"),))
    vendor = InMemoryVendor(history, failures=[down])
    report = check(decided(RSI % 50), vendor)
    assert verdicts(report) == {"rsi 10 of AAA": Verdict.NO_ANSWER}
    assert [each.code for each in report.found] == ["down"]
    assert (report.alerts(), vendor.questions) == ((), [])


# --- credits ------------------------------------------------------------------------------------


def test_bars_are_asked_for_once_a_symbol_and_what_is_left_goes_to_the_vendors_own(
    decided, history
):
    vendor = InMemoryVendor(history)
    report = check(decided(TREND, RSI % 50), vendor, credit=2)
    (request,) = vendor.requests
    assert request.symbols == ("AAA",)
    assert len(vendor.questions) == 1
    owned = [str(each.measured) for each in report.compared if each.own is not None]
    assert len(owned) == 1
    assert set(verdicts(report).values()) == {Verdict.WITHIN}


def test_the_credits_go_to_what_is_nearest_to_another_outcome_first(decided, history):
    rsi = {
        s: float(
            check(decided((RSI % 1).replace("AAA", s)), InMemoryMarketData(history))
            .compared[0]
            .ours
        )
        for s in ("AAA", "BBB", "CCC")
    }
    bodies = [
        (RSI % (rsi["AAA"] - 9)).replace("AAA", "AAA"),
        (RSI % (rsi["CCC"] - 1)).replace("AAA", "CCC"),
        (RSI % (rsi["BBB"] - 5)).replace("AAA", "BBB"),
    ]
    vendor = InMemoryMarketData(history)
    report = check(decided(*bodies), vendor, credit=2)
    assert [each.measured.symbol for each in report.compared] == ["CCC", "BBB", "AAA"]
    assert vendor.requests[0].symbols == ("CCC", "BBB")
    assert [each.measured.symbol for each in report.unasked] == ["AAA"]


def test_what_could_have_fallen_either_way_is_asked_before_what_is_nearer_in_tolerances():
    def point(symbol, value, fragile):
        measured = Measured(Measure(IndicatorKind.RSI, (10,)), Symbol(symbol))
        sides = Side("rsi", value, measured), Side("50", 50.0, None)
        return ConditionPoint("s", sides[0], ">", sides[1], value > 50, fragile)

    points = (point("AAA", 50.1, fragile=False), point("BBB", 51.0, fragile=True))
    first, second = most_telling(points, Tolerances())
    assert (first.measured.symbol, second.measured.symbol) == ("BBB", "AAA")
    assert first.nearness > second.nearness


def test_a_ranking_is_asked_about_at_its_border_first(decided, history):
    decision = decided(RANKING % "rsi")
    (ranking,) = decision.paths[0].reasons
    report = check(decision, InMemoryMarketData(history), credit=2)
    border = {each.label for each in ranking.ranking[:2]}
    assert {e.measured.symbol for e in report.compared if e.verdict is Verdict.WITHIN} == border
    assert len(report.unasked) == 1


def test_of_a_ranking_that_takes_several_the_last_chosen_and_the_first_rejected_come_first(
    decided, history
):
    tree = """(filter (rsi {:window 20}) (select-top 2)
               [(asset "AAA") (asset "BBB") (asset "CCC") (asset "DDD")])"""
    decision = decided(tree)
    (ranking,) = decision.paths[0].reasons
    report = check(decision, InMemoryMarketData(history), credit=2)
    asked = {each.measured.symbol for each in report.answered}
    assert asked == {each.label for each in ranking.ranking[1:3]}


@define
class InTwos(InMemoryMarketData):
    symbols_at_once: int = 2


def test_a_feed_that_is_asked_in_portions_loses_only_the_portion_that_fails(decided, history):
    decision = decided(RANKING % "rsi")
    vendor = InTwos(history)
    report = check(decision, vendor)
    assert [len(request.symbols) for request in vendor.requests] == [2, 1]
    assert set(verdicts(report).values()) == {Verdict.WITHIN}
    broken = BreaksOff(history)
    report = check(decision, broken)
    assert sorted(verdicts(report).values()) == [Verdict.NO_ANSWER, Verdict.WITHIN, Verdict.WITHIN]


@define
class BreaksOff(InTwos):
    def bars(self, request):
        if self.requests:
            self.failures = [MarketDataUnavailable((Problem("down", "gone"),))]
        return super().bars(request)


@define
class Hostile(InMemoryVendor):
    says: object = None

    def bars(self, request):
        if isinstance(self.says, Exception):
            raise self.says
        return self.says


@pytest.mark.parametrize("says", [ValueError("boo"), None, "bars", 7])
def test_a_vendor_that_raises_or_answers_nonsense_is_a_problem_in_the_report(
    decided, history, says
):
    report = check(decided(RSI % 50), Hostile(history, says=says))
    assert [each.code for each in report.found] == ["feed-failed"]
    assert report.has_nothing


@pytest.mark.parametrize("number", [float("nan"), float("inf"), "44.2", None])
def test_an_indicator_that_is_no_number_is_a_problem_and_the_bars_count(decided, history, number):
    day = history.session(len(history) - 1)
    (measured,) = [e.measured for e in check(decided(RSI % 50), InMemoryVendor(history)).compared]
    question = IndicatorQuestion(measured.measure.kind, 10, measured.symbol, day)
    report = check(decided(RSI % 50), InMemoryVendor(history, answers={question: number}))
    assert verdicts(report) == {"rsi 10 of AAA": Verdict.WITHIN}
    assert [each.code for each in report.found] == ["feed-failed"]
    assert report.compared[0].own is None


def test_an_average_of_zero_is_no_number_either(decided, history):
    day = history.session(len(history) - 1)
    vendor = InMemoryVendor(history)
    check(decided(TREND), vendor)
    (asked,) = vendor.questions
    assert asked.as_of == day
    report = check(decided(TREND), InMemoryVendor(history, answers={asked: 0.0}))
    assert all(each.own is None for each in report.compared)


# --- the vendor's own numbers -----------------------------------------------------------------


def test_the_vendors_own_number_counts_where_our_prices_have_no_dividends_in_them(decided, history):
    vendor = InMemoryVendor(history)
    check(decided(RSI % 50), vendor)
    (asked,) = vendor.questions
    other = InMemoryVendor(history, answers={asked: 99.0})
    report = check(decided(RSI % 50), other)
    (found,) = report.differing
    assert (found.own, found.theirs) == (99.0, pytest.approx(found.ours, abs=1e-3))
    assert "99 there (points)" in report.alerts()[0].text
    adjusted = evolve(history, basis=PriceBasis.ADJUSTED)
    report = check(decided(RSI % 50, bars=adjusted), evolve(other, history=adjusted))
    assert report.compared[0].own == 99.0
    assert verdicts(report) == {"rsi 10 of AAA": Verdict.WITHIN}


def test_prices_with_and_without_dividends_are_noted(decided, history):
    adjusted = evolve(history, basis=PriceBasis.ADJUSTED)
    report = check(decided(RSI % 50, bars=adjusted), InMemoryMarketData(history))
    assert report.notes == (
        "our prices are adjusted, theirs as given: what looks like a dividend is taken for one, "
        "and not for a difference",
    )
    same = check(decided(RSI % 50, bars=adjusted), InMemoryMarketData(adjusted))
    assert same.notes == ()


def without_dividends(history, rows, size, basis=PriceBasis.AS_GIVEN):
    """The bars as they are where AAA's dividends of these rows are not corrected for."""
    close = np.array(history.close)
    for row in rows:
        close[row:, 0] *= 1 - size
    return evolve(history, close=close, open=None, high=None, low=None, basis=basis)


SENSITIVE = [*EVERY_KIND, '(moving-average-price "AAA" {:window 200})']


@pytest.mark.parametrize("indicator", SENSITIVE)
@pytest.mark.parametrize("rows", [(-1,), (-2,), (-5,), (-190, -128, -65, -3)])
@pytest.mark.parametrize("is_ours", [True, False])
def test_a_dividend_that_just_one_has_in_its_prices_is_no_difference(
    decided, history, indicator, rows, is_ours
):
    with_them = evolve(history, basis=PriceBasis.ADJUSTED)
    without = without_dividends(history, rows, 0.004)
    ours, theirs = (with_them, without) if is_ours else (without, with_them)
    tree = f'(if (> {indicator} 1) [(asset "AAA")] [(asset "BBB")])'
    report = check(decided(tree, bars=ours), InMemoryMarketData(theirs))
    assert list(verdicts(report).values()) == [Verdict.WITHIN]
    assert report.alerts() == ()


@pytest.mark.parametrize("basis", PriceBasis)
@pytest.mark.parametrize(("first", "stop"), [(-1, None), (-4, -3)])
@pytest.mark.parametrize("by", [1.01, 0.99])
def test_a_close_that_is_1_percent_off_is_told_whatever_dividends_there_are(
    decided, history, basis, first, stop, by
):
    close = np.array(history.close)
    close[first:stop, 0] *= by
    wrong = evolve(history, close=close, open=None, high=None, low=None, basis=PriceBasis.ADJUSTED)
    rows = () if basis is PriceBasis.ADJUSTED else (-9,)
    theirs = without_dividends(history, rows, 0.004, basis)
    report = check(decided(RSI % 50, bars=wrong), InMemoryMarketData(theirs))
    assert [alert.code for alert in report.alerts()][-1] == "indicators-differ"


@pytest.mark.parametrize("size", [-0.004, 0.06])
def test_a_step_that_no_dividend_makes_is_a_difference(decided, history, size):
    theirs = without_dividends(history, (-3,), size)
    ours = evolve(history, basis=PriceBasis.ADJUSTED)
    tree = '(if (> (cumulative-return "AAA" {:window 20}) 1) [(asset "AAA")] [(asset "BBB")])'
    (found,) = check(decided(tree, bars=ours), InMemoryMarketData(theirs)).compared
    assert abs(found.difference) > 0.3


def test_prices_that_say_the_same_of_dividends_are_taken_as_they_are(decided, history):
    theirs = without_dividends(history, (-3,), 0.01, PriceBasis.ADJUSTED)
    ours = evolve(history, basis=PriceBasis.ADJUSTED)
    report = check(decided(RSI % 50, bars=ours), InMemoryMarketData(theirs))
    assert verdicts(report) == {"rsi 10 of AAA": Verdict.DIFFERS}


# --- what mattered ------------------------------------------------------------------------------


def test_only_the_path_taken_matters_and_each_indicator_once(decided, history):
    nested = f'(if (> (rsi "DDD" {{:window 10}}) 1) [{RSI % 1} {RSI % 2}] [{TREND}])'
    report = check(decided(nested, RSI % 3), InMemoryMarketData(history))
    assert sorted(verdicts(report)) == ["rsi 10 of AAA", "rsi 10 of DDD"]
    assert len(report.outcomes) == 4


def test_volatilities_are_compared_and_nothing_of_them_flips(decided, changed):
    tree = '(weight-inverse-volatility 20 [(asset "AAA") (asset "BBB")])'
    report = check(decided(tree), InMemoryMarketData(changed("AAA", 0.8, -1)))
    assert verdicts(report) == {
        "stdev-return 20 of AAA": Verdict.DIFFERS,
        "stdev-return 20 of BBB": Verdict.WITHIN,
    }
    assert report.outcomes == ()


def test_series_of_blocks_are_named_as_what_no_vendor_has(decided, history):
    tree = """(filter (rsi {:window 10}) (select-top 1)
               [(asset "AAA") (group "pair" [(asset "BBB") (asset "CCC")])])"""
    report = check(decided(tree), InMemoryMarketData(history))
    assert list(verdicts(report)) == ["rsi 10 of AAA"]
    assert "“pair”" in report.notes[0]


def test_a_strategy_that_names_no_indicator_has_nothing_to_compare(decided, history):
    vendor = InMemoryMarketData(history)
    report = check(decided('(asset "AAA")'), vendor)
    assert (report.without, report.compared, report.has_nothing) == (("s1",), (), False)
    assert vendor.requests == []


def test_the_vendor_is_asked_for_the_symbol_that_was_read_in_place_of_the_rules(decided, history):
    vendor = InMemoryMarketData(history)
    decision = decided(RSI % 50, replaced={"AAA": "DDD"})
    report = check(decision, vendor)
    assert vendor.requests[0].symbols == ("DDD",)
    assert list(verdicts(report)) == ["rsi 10 of DDD"]


def test_a_comparison_that_no_symphony_has_is_not_played_through(decided, history):
    (path,) = decided(RSI % 50).paths
    odd = StrategyPath("hand", (evolve(path.reasons[0], comparator="≫"),))
    report = check(evolve(decided(RSI % 50), paths=(odd,)), InMemoryMarketData(history))
    assert verdicts(report) == {"rsi 10 of AAA": Verdict.WITHIN}
    assert report.outcomes == ()


def test_as_many_bars_are_asked_for_as_the_longest_indicator_needs(decided, history):
    vendor = InMemoryMarketData(history)
    report = check(decided(TREND), vendor)
    request = vendor.requests[0]
    assert request.end == report.as_of
    sessions = np.busday_count(request.start, request.end)
    assert 51 <= sessions <= 75
    recurring = check(decided(RSI % 50), vendor).compared[0].measured
    assert (report.as_of - first_day([recurring], report.as_of)).days >= 112 * 7 / 5


def test_tolerances_are_what_is_told_by(decided, changed):
    vendor = InMemoryMarketData(changed("AAA", 0.9, -1))
    wide = check(decided(RSI % 1), vendor, tolerances=Tolerances(rsi_points=100.0))
    assert (wide.differing, wide.alerts()) == ((), ())


def test_a_fund_that_hardly_moves_is_given_room_for_the_cents_of_its_price(decided, history):
    """A close of 91.50 or 91.52 is nothing, and makes many points of RSI in a fund of T-bills."""
    calm = 91.5 * np.cumprod(1 + (np.array(history.close[:, 0]) % 0.0004) - 0.0002)
    bars = evolve(
        history, close=np.column_stack([calm, *history.close.T[1:]]), open=None, high=None, low=None
    )
    rounded = np.array(bars.close)
    rounded[:, 0] = np.round(rounded[:, 0] * 20) / 20
    report = check(decided(RSI % 1, bars=bars), InMemoryMarketData(evolve(bars, close=rounded)))
    (found,) = report.compared
    assert abs(found.difference) > Tolerances().rsi_points
    assert found.tolerance > 10 * Tolerances().rsi_points
    assert (found.verdict, report.alerts()) == (Verdict.WITHIN, ())
