"""What each check finds, what follows by its policy, and what it leaves alone."""

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest
from attrs import evolve
from returns.result import Failure

from alchemiser_core.config.check_settings import CheckPolicy, CheckSettings, WholePolicy
from alchemiser_core.domain.bars import BadPrice, PriceBasis
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.corporate_actions import Dividend, Split
from alchemiser_core.services.bar_checks import (
    BarFacts,
    Check,
    SecondOpinion,
    check_bars,
    earlier_oddities,
    findings_of,
)

SETTINGS = CheckSettings()
NAN = float("nan")


def codes(history, facts=None, settings=SETTINGS):
    return [f.problem.code for f in findings_of(history, settings, facts or BarFacts())]


def session(history, row):
    return history.session(row % len(history))


def days_of(history, but=None):
    """The days of a history, but one."""
    days = list(history.sessions.tolist())
    if but is not None:
        del days[but]
    return tuple(days)


def odd_market(check, quiet, with_close, scaled):
    """A market, and facts about it, in which just one check finds something."""
    last = session(quiet, -1)
    s03 = quiet.symbols[3]
    match check:
        case Check.STALE:
            return quiet, BarFacts(decides=last + timedelta(days=1))
        case Check.PARTIAL:
            return quiet, BarFacts(completed=session(quiet, -2))
        case Check.DAYS:
            return quiet, BarFacts(sessions=days_of(quiet, but=-9))
        case Check.MISSING_BAR:
            return with_close(-1, 3, NAN), BarFacts()
        case Check.MISSING_SYMBOL:
            return with_close(slice(-6, None), 3, NAN), BarFacts()
        case Check.BAD_PRICE:
            return evolve(quiet, bad_prices=(BadPrice(s03, session(quiet, -9), 0.0),)), BarFacts()
        case Check.JUMP:
            return scaled(-9, 3, 0.5), BarFacts()
        case Check.SPLIT:
            return quiet, BarFacts(actions=(Split(s03, Decimal("1.5"), session(quiet, -9)),))
        case Check.TICK:
            return quiet, BarFacts(second=SecondOpinion("other", (s03,), scaled(-1, 3, 1.05)))
        case Check.UNIVERSE:
            return with_close(-1, [3, 4], NAN), BarFacts()
        case Check.REPAIRED:
            return evolve(quiet, warnings=("rows were not in order",)), BarFacts()


WHOLE = {Check.STALE, Check.DAYS, Check.UNIVERSE, Check.REPAIRED}


def policy(check, chosen):
    """Settings by which `check` alone has this policy, and all others only warn."""
    others = {
        other.value: (WholePolicy if other in WHOLE else CheckPolicy)("warn") for other in Check
    }
    kind = WholePolicy if check in WHOLE else CheckPolicy
    return CheckSettings(**{**others, check.value: kind(chosen)})


@pytest.mark.parametrize("check", Check)
def test_a_check_that_refuses_stops_the_decision(check, quiet, with_close, scaled):
    history, facts = odd_market(check, quiet, with_close, scaled)
    refused = check_bars(history, policy(check, "refuse"), facts)
    assert isinstance(refused, Failure)
    assert {f.check for f in refused.failure().findings if f.policy == "refuse"} == {check}
    assert len(refused.failure().problems()) == 1


@pytest.mark.parametrize("check", Check)
def test_a_check_that_warns_says_so_and_changes_nothing(check, quiet, with_close, scaled):
    history, facts = odd_market(check, quiet, with_close, scaled)
    checked = check_bars(history, policy(check, "warn"), facts).unwrap()
    assert check in {finding.check for finding in checked.findings}
    assert checked.history is history
    assert checked.known is history


@pytest.mark.parametrize("check", [c for c in Check if c not in WHOLE | {Check.PARTIAL}])
def test_a_check_that_drops_leaves_the_symbol_without_any_price(check, quiet, with_close, scaled):
    history, facts = odd_market(check, quiet, with_close, scaled)
    checked = check_bars(history, policy(check, "drop"), facts).unwrap()
    assert checked.history.missing_symbols == (Symbol("S03"),)
    others = [column for column in range(12) if column != 3]
    assert np.array_equal(checked.history.close[:, others], history.close[:, others])
    assert checked.known is history  # what is held is valued by it
    assert [f.symbol for f in checked.findings if f.policy is CheckPolicy.DROP] == ["S03"]


def test_rows_that_are_not_over_are_dropped_by_default(quiet):
    over = session(quiet, -3)
    checked = check_bars(quiet, SETTINGS, BarFacts(decides=over, completed=over)).unwrap()
    assert session(checked.history, -1) == over
    (finding,) = checked.findings
    assert (finding.problem.code, finding.session) == ("partial-bar", session(quiet, -2))


def test_a_quiet_market_passes_as_the_same_arrays(quiet):
    last = session(quiet, -1)
    checked = check_bars(quiet, SETTINGS, BarFacts(decides=last, completed=last)).unwrap()
    assert checked.findings == ()
    assert checked.history is quiet
    assert checked.history.close is quiet.close


def test_all_that_refuses_is_told_together(quiet, with_close, scaled):
    history = with_close(-1, 5, NAN, scaled(-9, 3, 0.5))
    facts = BarFacts(decides=date(2030, 1, 1), source="files")
    refused = check_bars(history, SETTINGS, facts).failure()
    assert [p.code for p in refused.problems()] == ["stale-bars", "missing-bar", "price-jump"]


def test_lesson_12_stale_data_is_not_traded_on(quiet):
    needed = session(quiet, -1) + timedelta(days=1)
    (problem,) = check_bars(quiet, SETTINGS, BarFacts(decides=needed)).failure().problems()
    assert problem.code == "stale-bars"
    assert str(needed) in problem.what


def test_lesson_12_a_symbol_whose_price_is_late_is_not_traded_on(with_close):
    (problem,) = check_bars(with_close(-1, 3, NAN), SETTINGS).failure().problems()
    assert problem.code == "missing-bar"
    assert problem.where == "S03"


# --- what is missing -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("gap", "code"), [(1, "missing-bar"), (5, "missing-bar"), (6, "missing-symbol")]
)
def test_a_price_is_late_while_rules_would_carry_it_and_gone_after_that(with_close, gap, code):
    history = with_close(slice(-gap, None), 3, NAN)
    assert codes(history) == [code]
    (finding,) = findings_of(history, SETTINGS)
    assert str(session(history, -gap - 1)) in finding.problem.what


def test_a_symbol_without_any_price_is_missing(with_close):
    (finding,) = findings_of(with_close(slice(None), 3, NAN), SETTINGS)
    assert finding.problem.code == "missing-symbol"
    assert "none before it" in finding.problem.what


def test_a_hole_before_the_session_that_decides_is_no_matter(with_close):
    assert codes(with_close([-2, -30], [3, 4], NAN)) == []


def test_one_symbol_of_two_is_no_universe_that_shrank(quiet, with_close):
    two = with_close(-1, 1, NAN).pick({s: s for s in quiet.symbols[:2]})
    assert codes(two) == ["missing-bar"]


def test_a_universe_that_shrank_is_told_with_its_numbers(with_close):
    found = findings_of(with_close(-1, [3, 4], NAN), SETTINGS)
    (shrank,) = (f for f in found if f.check is Check.UNIVERSE)
    assert (shrank.value, shrank.problem.what[:27]) == (10.0, "10 symbols have a price on ")


# --- single prices -------------------------------------------------------------------------------


@pytest.mark.parametrize(("since", "is_told"), [(-5, True), (-6, False)])
def test_a_universe_that_shrank_is_told_for_five_sessions(with_close, since, is_told):
    found = codes(with_close(slice(since, None), slice(3, 9), NAN))
    assert ("universe-shrank" in found) is is_told


@pytest.mark.parametrize("value", [0.0, -1.0, float("inf"), -float("inf")])
def test_a_price_that_can_be_none_is_bad_and_counts_as_missing(with_close, value):
    assert codes(with_close(-1, 3, value)) == ["missing-bar", "bad-price"]
    assert codes(with_close(-20, 3, value)) == ["bad-price"]


def test_bad_prices_of_long_ago_are_no_matter_of_today(quiet, with_close):
    old = session(quiet, -62)
    assert codes(with_close(-62, 3, -1.0)) == []
    assert codes(evolve(quiet, bad_prices=(BadPrice(quiet.symbols[3], old, 0.0),))) == []
    assert codes(with_close(-61, 3, -1.0)) == ["bad-price"]


def test_a_bar_without_a_close_is_bad_where_it_has_something_else(quiet, with_close):
    volume = np.full(quiet.close.shape, 1000.0)
    assert codes(evolve(quiet, volume=volume)) == []
    assert codes(evolve(with_close(-9, 3, NAN), volume=volume)) == ["bad-price"]
    volume[-9, 3] = NAN
    assert codes(evolve(with_close(-9, 3, NAN), volume=volume)) == []


# --- jumps ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("ratio", [2, 3, 4, 10, 0.5, 0.25, 0.1])
def test_a_split_for_which_older_prices_were_not_adjusted_is_a_jump(scaled, ratio):
    (finding,) = findings_of(scaled(-9, 3, 1 / ratio), SETTINGS)
    words = f"{ratio}:1" if ratio >= 1 else f"1:{round(1 / ratio)}"
    assert f"split of {words}" in finding.problem.why
    assert finding.value == pytest.approx(1 / ratio - 1, rel=0.05)


@pytest.mark.parametrize(("factor", "jumps"), [(1.7, 0), (1.82, 1), (0.59, 0), (0.55, 1)])
def test_a_jump_is_beyond_the_size_that_is_set_whichever_way(scaled, factor, jumps):
    assert codes(scaled(-9, 3, factor)) == ["price-jump"] * jumps


def test_a_jump_across_a_short_gap_is_one_and_across_a_long_one_is_none(with_close, scaled):
    halved = scaled(-9, 3, 0.5)
    assert codes(with_close(slice(-12, -9), 3, NAN, halved)) == ["price-jump"]
    assert codes(with_close(slice(-15, -9), 3, NAN, halved)) == []


def test_a_jump_across_a_gap_into_the_first_session_that_is_looked_at_is_one(scaled, with_close):
    assert codes(with_close(slice(-64, -61), 3, NAN, scaled(-61, 3, 0.5))) == ["price-jump"]


def test_a_jump_that_somebody_has_looked_at_is_none(quiet, scaled):
    day = session(quiet, -9)
    halved = scaled(-9, 3, 0.5)
    assert codes(halved, settings=CheckSettings(accepted=(f"S03 {day}",))) == []
    assert codes(halved, settings=CheckSettings(accepted=(f"S04 {day}",))) == ["price-jump"]
    (finding,) = findings_of(halved, SETTINGS)
    assert f'data.checks.accepted = ["S03 {day}"]' in finding.problem.hint


def test_a_split_of_a_raw_feed_explains_its_jump_and_is_told_itself(quiet, scaled):
    s03, day = quiet.symbols[3], session(quiet, -9)
    halved = scaled(-9, 3, 0.5)
    assert codes(halved, BarFacts(actions=(Split(s03, Decimal(2), day),))) == ["unadjusted-split"]
    other = BarFacts(actions=(Split(s03, Decimal("0.1"), day),))
    assert codes(halved, other) == ["price-jump", "unadjusted-split"]
    paid = BarFacts(actions=(Dividend(s03, Decimal(1), day),))
    assert codes(halved, paid) == ["price-jump"]


def test_splits_of_other_symbols_and_of_long_ago_are_no_matter(quiet):
    others = (
        Split(Symbol("ZZZ"), Decimal(2), session(quiet, -9)),
        Split(quiet.symbols[3], Decimal(2), session(quiet, -62)),
    )
    assert codes(quiet, BarFacts(actions=others)) == []


def test_a_split_explains_the_move_of_its_own_day_and_none_after_it(quiet, scaled):
    s03 = quiet.symbols[3]
    late = BarFacts(actions=(Split(s03, Decimal(2), session(quiet, -10)),))
    assert codes(scaled(-9, 3, 0.5), late) == ["price-jump", "unadjusted-split"]
    first = BarFacts(actions=(Split(s03, Decimal(2), session(quiet, -61)),))
    assert codes(quiet, first) == []  # no price of before it is looked at


def test_a_raw_feed_that_does_not_say_its_splits_is_told(quiet):
    unread = BarFacts(actions_unread=(Problem("no-answer", "no answer"),))
    checked = check_bars(quiet, SETTINGS, unread).unwrap()
    assert [f.problem.code for f in checked.findings] == ["no-answer"]


def test_a_jump_that_the_second_feed_shows_too_is_none(quiet, scaled):
    asked = (quiet.symbols[3],)
    for basis in (PriceBasis.ADJUSTED, PriceBasis.AS_GIVEN):
        tumbled = evolve(scaled(-9, 3, 0.41), basis=basis)
        assert codes(tumbled, BarFacts(second=SecondOpinion("other", asked, tumbled))) == []
        found = codes(tumbled, BarFacts(second=SecondOpinion("other", asked, quiet)))
        assert found == ["price-jump"]


@pytest.mark.parametrize("basis", PriceBasis)
def test_lesson_16_prices_that_are_not_adjusted_either_confirm_no_split(quiet, scaled, basis):
    halved = scaled(-9, 3, 0.5)
    opinion = SecondOpinion("other", (quiet.symbols[3],), evolve(halved, basis=basis))
    confirmed = basis is PriceBasis.ADJUSTED
    assert codes(halved, BarFacts(second=opinion)) == ([] if confirmed else ["price-jump"])


def test_jumps_of_long_ago_follow_no_decision_and_are_told_all_the_same(scaled):
    history = scaled(-80, 3, 0.5)
    assert codes(history) == []
    (finding,) = earlier_oddities(history, SETTINGS)
    assert (finding.check, finding.session) == (Check.JUMP, session(history, -80))


@pytest.mark.parametrize("row", range(-66, -55))
def test_each_session_is_looked_at_once_now_or_earlier(scaled, with_close, row):
    for history in (scaled(row, 3, 0.5), with_close(row, 3, -1.0)):
        assert len([*findings_of(history, SETTINGS), *earlier_oddities(history, SETTINGS)]) == 1


# --- the calendar -------------------------------------------------------------------------------


def test_lesson_6_a_holiday_that_has_a_row_is_no_session(quiet):
    refused = check_bars(quiet, SETTINGS, BarFacts(sessions=days_of(quiet, but=-9))).failure()
    (problem,) = refused.problems()
    day = session(quiet, -9)
    assert (problem.code, problem.what) == (
        "other-sessions",
        f"bars of days without a session: {day}",
    )


@pytest.mark.parametrize(("row", "found"), [(-2, 1), (-60, 1), (-62, 0)])
def test_a_session_that_is_missing_for_all_symbols_is_told_while_it_is_looked_at(quiet, row, found):
    days = np.delete(np.arange(len(quiet)), row)
    lacking = evolve(
        quiet, sessions=quiet.sessions[days], close=np.ascontiguousarray(quiet.close[days])
    )
    told = findings_of(lacking, SETTINGS, BarFacts(sessions=days_of(quiet)))
    assert [f.session for f in told] == [session(quiet, row)] * found


def test_a_session_without_any_price_is_as_one_that_is_missing(with_close, quiet):
    facts = BarFacts(sessions=days_of(quiet))
    assert codes(with_close(-2, slice(None), NAN), facts) == ["other-sessions"]
    assert "other-sessions" not in codes(with_close(-1, slice(None), NAN), facts)
    alone = quiet.pick({quiet.symbols[3]: quiet.symbols[3]})
    assert codes(with_close(-2, 0, NAN, alone), facts) == []


def test_bars_on_the_calendars_days_pass_and_sessions_beyond_them_are_no_matter(quiet):
    early, late = session(quiet, 0) - timedelta(days=1), session(quiet, -1) + timedelta(days=1)
    facts = BarFacts(sessions=(early, *days_of(quiet), late))
    assert codes(quiet, facts) == []


# --- the second feed -----------------------------------------------------------------------------


@pytest.mark.parametrize(("row", "differs"), [(-1, True), (-3, True), (-4, False)])
def test_the_last_three_returns_are_held_against_the_second_feed(quiet, scaled, row, differs):
    opinion = SecondOpinion("other", (quiet.symbols[3],), scaled(row, 3, 1.05))
    found = codes(quiet, BarFacts(second=opinion))
    assert found == (["second-feed-differs"] if differs else [])


def test_feeds_may_differ_by_a_little_and_in_level(quiet, scaled):
    near = scaled(-1, 3, 1.005, scaled(0, 3, 7.0))
    assert codes(quiet, BarFacts(second=SecondOpinion("other", quiet.symbols, near))) == []


def test_where_prices_are_of_other_bases_a_dividend_is_named_as_what_may_be(quiet, scaled):
    near = evolve(scaled(-1, 3, 0.98), basis=PriceBasis.RAW)
    for basis, named in ((PriceBasis.ADJUSTED, True), (PriceBasis.RAW, False)):
        facts = BarFacts(second=SecondOpinion("other", (quiet.symbols[3],), near))
        (finding,) = findings_of(evolve(quiet, basis=basis), SETTINGS, facts)
        assert ("theirs raw: a dividend or a split" in finding.problem.why) is named


def test_a_return_that_somebody_has_looked_at_may_differ(quiet, scaled):
    opinion = SecondOpinion("other", (quiet.symbols[3],), scaled(-1, 3, 1.05))
    accepted = CheckSettings(accepted=(f"s03 {session(quiet, -1)}",))
    assert codes(quiet, BarFacts(second=opinion), accepted) == []


def test_a_second_feed_without_an_answer_warns_and_never_refuses(quiet):
    silent = SecondOpinion("other", quiet.symbols[:2], None, (Problem("no-answer", "it is down"),))
    (finding,) = check_bars(quiet, SETTINGS, BarFacts(second=silent)).unwrap().findings
    assert (finding.policy, finding.problem.code) == (CheckPolicy.WARN, "second-feed-silent")
    assert "it is down" in finding.problem.why


def test_a_second_feed_that_is_late_with_a_session_is_told(quiet):
    late = SecondOpinion("other", quiet.symbols[:2], quiet.rows(0, len(quiet) - 1))
    (finding,) = check_bars(quiet, SETTINGS, BarFacts(second=late)).unwrap().findings
    assert finding.problem.code == "second-feed-silent"
    assert "S00, S01" in finding.problem.what


def test_a_session_that_still_runs_is_not_missed_at_the_second_feed(quiet, scaled):
    running = session(quiet, -1)
    for there, found in ((quiet, []), (scaled(-2, 0, 1.05), ["second-feed-differs"])):
        late = SecondOpinion("other", quiet.symbols[:2], there.rows(0, len(quiet) - 1))
        assert codes(quiet, BarFacts(running=running, second=late)) == found


def test_no_second_feed_is_no_finding(quiet):
    assert codes(quiet) == []
