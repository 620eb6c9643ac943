"""Bars: whole or not at all, exactly as they are told, within the credits, without today's part."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from attrs import evolve

from alchemiser_core.domain.bars import BadPrice
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.market_data import BarRequest
from alchemiser_twelvedata.data import bar_source
from alchemiser_twelvedata.stand_in import Bar, Fault, StandIn, StandInClock, made_up

SPY, TLT, GLD, BRK = (Symbol(each) for each in ("SPY", "TLT", "GLD", "BRK.B"))
FRIDAY, WEDNESDAY = date(2026, 2, 27), date(2026, 3, 4)


def member(symbol="SPY", rows=None, **meta):
    """An answer for one symbol as the vendor gives it."""
    rows = [bar("2026-03-02", "20.25"), bar("2026-02-27", "20.00")] if rows is None else rows
    told = {
        "symbol": symbol,
        "interval": "1day",
        "currency": "USD",
        "exchange_timezone": "America/New_York",
        **meta,
    }
    return {"meta": told, "values": rows, "status": "ok"}


def bar(day, price, **values):
    prices = {"open": price, "high": price, "low": price, "close": price, "volume": "100"}
    return {"datetime": day, **prices, **values}


@pytest.fixture
def asked(server, behave, feed_of):
    """The bars of SPY, or of others, where the server answers so."""

    def ask(body, *symbols, **request):
        server.script = [behave.reply(200, body)]
        return feed_of(server.url).bars(BarRequest(symbols or (SPY,), **request))

    return ask


def problems(result):
    return result.failure().problems()


def test_numbers_are_those_of_the_text_to_the_last_digit(asked):
    texts = ("148.85001", "0.0000081268066", "123456789.12345678901", "20")
    days = ("2026-02-26", "2026-02-27", "2026-03-02", "2026-03-03")
    rows = [bar(day, text) for day, text in zip(days, texts, strict=True)]
    history = asked(member(rows=rows)).unwrap()
    assert history.close[:, 0].tolist() == [float(text) for text in texts]


def test_prices_of_the_stand_in_arrive_unrounded(stand_in, url, feed_of):
    finest = Bar(WEDNESDAY, 1.00000000001, 2, 1, 1.23456789012, 7)
    stand_in.prices = {**stand_in.prices, "BRK.B": [*stand_in.prices["BRK.B"][:-1], finest]}
    history = feed_of(url).bars(BarRequest([BRK, SPY], closes_only=False)).unwrap()
    for column, symbol in enumerate(("BRK.B", "SPY")):
        bars = stand_in.prices[symbol]
        assert history.sessions.tolist() == [each.day for each in bars]
        for name in ("open", "high", "low", "close", "volume"):
            expected = [getattr(each, name) for each in bars]
            assert getattr(history, name)[:, column].tolist() == expected
    assert stand_in.asked[0].parameters["symbol"] == "BRK.B,SPY"
    assert not stand_in.asked[0].has_key_in_address


@pytest.mark.parametrize("order", [1, -1])
def test_the_order_of_the_bars_does_not_matter(asked, order):
    rows = [bar("2026-03-03", "3"), bar("2026-03-02", "2"), bar("2026-02-27", "1")][::order]
    assert asked(member(rows=rows)).unwrap().close[:, 0].tolist() == [1, 2, 3]


@pytest.mark.parametrize(
    "value",
    ["nan", "NaN", "inf", "1e3", "1E-5", "0x10", "1_000", " 20", "20 ", "+20", "", "٢٠", "20,5",
     True, [], {}, "1." , ".5", "9" * 40, 1e300],
)  # fmt: skip
def test_what_is_no_plain_number_is_refused(asked, value):
    (problem,) = problems(asked(member(rows=[bar("2026-03-02", "20", close=value)])))
    assert problem.code == "unreadable-answer"


@pytest.mark.parametrize(
    "day", ["2026-3-2", "2026-03-02 00:00:00", "2026-02-30", "0001-01-01", "20260302", "", None, 5]
)
def test_what_is_no_date_is_refused(asked, day):
    (problem,) = problems(asked(member(rows=[bar(day, "20")])))
    assert problem.code == "unreadable-answer"


@pytest.mark.parametrize("name", ["datetime", "close", "open", "high", "low"])
def test_a_missing_name_is_refused_and_a_missing_volume_is_not(asked, name):
    row = bar("2026-03-02", "20")
    del row[name], row["volume"]
    (problem,) = problems(asked(member(rows=[row]), closes_only=False))
    assert f"{name} is" in problem.why
    del (row := bar("2026-03-02", "20"))["volume"]
    history = asked(member(rows=[row]), closes_only=False).unwrap()
    assert np.isnan(history.volume).all()


def test_only_the_close_is_looked_at_where_only_closes_are_asked_for(asked):
    history = asked(member(rows=[bar("2026-03-02", "20", open="x", volume="y")])).unwrap()
    assert history.close.tolist() == [[20.0]]
    assert history.open is None


@pytest.mark.parametrize("day", ["2026-02-28", "2026-03-01"])
def test_bars_of_a_weekend_are_refused(asked, day):
    (problem,) = problems(asked(member(rows=[bar("2026-03-02", "20"), bar(day, "20")])))
    assert problem.code == "unreadable-answer"
    assert day in problem.why


def test_a_bar_that_is_not_complete_is_not_even_read(asked):
    rows = [bar("2026-03-05", "", volume="n/a"), bar("2026-03-04", "20")]
    assert asked(member(rows=rows)).unwrap().close.tolist() == [[20.0]]


def test_prices_that_cannot_be_are_told_and_left_out(asked):
    rows = [bar("2026-02-27", "20"), bar("2026-03-02", "0"), bar("2026-03-03", "-1.5")]
    rows.append(bar("2026-03-04", None))
    history = asked(member(rows=rows)).unwrap()
    assert history.bad_prices == (
        BadPrice(SPY, date(2026, 3, 2), 0.0),
        BadPrice(SPY, date(2026, 3, 3), -1.5),
    )
    assert np.isnan(history.close[:, 0]).tolist() == [False, True, True, True]


def test_a_day_twice_is_dropped_where_it_says_the_same_and_refused_where_not(asked):
    one, other = bar("2026-03-02", "20"), bar("2026-03-02", "21")
    history = asked(member(rows=[one, one])).unwrap()
    assert history.close.tolist() == [[20.0]]
    assert history.warnings == ("SPY: 1 identical duplicate bars dropped",)
    (problem,) = problems(asked(member(rows=[one, other])))
    assert "differ" in problem.why


@pytest.mark.parametrize(
    ("meta", "code"),
    [
        ({"symbol": "SPYX"}, "unreadable-answer"),
        ({"interval": "1week"}, "unreadable-answer"),
        ({"currency": "GBp"}, "other-instrument"),
        ({"exchange_timezone": "Europe/London"}, "other-instrument"),
        ({"currency": None}, "unreadable-answer"),
        ({"type": "Index"}, "other-instrument"),
    ],
)
def test_an_answer_of_something_else_is_refused(asked, meta, code):
    (problem,) = problems(asked(member(**meta)))
    assert problem.code == code
    assert "SPY" in problem.what


@pytest.mark.parametrize("body", [{}, [], 5, {"status": "ok"}, {"SPY": 5}, {"SPY": {}},
                                  {"meta": {}, "values": {}, "status": "ok"},
                                  {"meta": {"symbol": "SPY"}, "values": [5], "status": "ok"},
                                  {**member(), "status": "late"}])  # fmt: skip
def test_what_has_another_form_is_refused(asked, body):
    assert [each.code for each in problems(asked(body))] == ["unreadable-answer"]


@pytest.mark.parametrize("kind", ["ETF", "Common Stock", "Index Fund", None])
def test_what_a_share_or_fund_is_called_does_not_matter(asked, kind):
    assert asked(member(type=kind)).unwrap().close.tolist() == [[20.0], [20.25]]


def test_a_batch_of_one_is_read_keyed_and_unkeyed(asked):
    unkeyed, keyed = asked(member()).unwrap(), asked({"SPY": member()}).unwrap()
    assert unkeyed.close.tolist() == keyed.close.tolist() == [[20.0], [20.25]]


@pytest.mark.parametrize(
    "body",
    [
        {"SPY": member()},
        {"SPY": member(), "TLT": member("TLT"), "GLD": member("GLD")},
        {"SPY": member(), "TLT": member("SPY")},
        {"SPY": member(), "TLT": {**member("TLT"), "status": None}},
        {"SPY": member(), "TLT": {"code": 403, "message": "a better plan", "status": "error"}},
        {"SPY": member(), "TLT": member("TLT", [bar("2026-03-02", "x")])},
        member(),
    ],
)
def test_a_batch_is_whole_or_nothing(asked, body):
    assert problems(asked(body, SPY, TLT))


def test_everything_that_is_wrong_in_a_batch_is_told(asked):
    body = {
        "SPY": member(currency="EUR"),
        "TLT": {"code": 403, "message": "available with the Grow plan", "status": "error"},
        "GLD": member("GLD", [bar("2026-03-02", "x")]),
        "BRK.B": member("BRK.B"),
    }
    found = problems(asked(body, SPY, TLT, GLD, BRK))
    assert [each.code for each in found] == [
        "other-instrument", "not-in-data-plan", "unreadable-answer",
    ]  # fmt: skip


@pytest.mark.parametrize("code", [404, 400])
def test_an_unknown_symbol_and_one_without_bars_are_columns_without_prices(
    stand_in, url, feed_of, code
):
    stand_in.quirks = evolve(stand_in.quirks, unknown_code=code)
    stand_in.prices = {**stand_in.prices, "TLT": stand_in.prices["TLT"][:5]}
    request = BarRequest([SPY, Symbol("NOSUCH"), TLT], start=FRIDAY)
    history = feed_of(url).bars(request).unwrap()
    assert history.missing_symbols == ("NOSUCH", "TLT")


def test_where_one_error_answers_for_a_batch_each_symbol_is_asked_for(stand_in, url, feed_of):
    stand_in.quirks = evolve(stand_in.quirks, one_error_for_all=True)
    history = feed_of(url).bars(BarRequest([SPY, Symbol("NOSUCH"), TLT])).unwrap()
    assert history.missing_symbols == ("NOSUCH",)
    assert [each.parameters["symbol"] for each in stand_in.asked] == [
        "SPY,NOSUCH,TLT", "SPY", "NOSUCH", "TLT",
    ]  # fmt: skip


def test_what_could_change_the_question_is_never_asked(stand_in, url, feed_of):
    odd = [Symbol(each) for each in ("A,B", "SPY:LSE", "EUR/USD", "spy", "A&apikey=b")]
    history = feed_of(url).bars(BarRequest([SPY, *odd])).unwrap()
    assert history.missing_symbols == tuple(odd)
    assert stand_in.asked[0].parameters["symbol"] == "SPY"


NEW_YORK_TIMES = [
    (datetime(2026, 3, 4, 14, 0, tzinfo=UTC), date(2026, 3, 3)),
    (datetime(2026, 3, 4, 18, 0, tzinfo=UTC), date(2026, 3, 3)),
    (datetime(2026, 3, 4, 21, 29, tzinfo=UTC), date(2026, 3, 3)),
    (datetime(2026, 3, 4, 21, 30, tzinfo=UTC), date(2026, 3, 4)),
    (datetime(2026, 3, 5, 4, 59, tzinfo=UTC), date(2026, 3, 4)),
    (datetime(2026, 7, 1, 20, 29, tzinfo=UTC), date(2026, 6, 30)),
    (datetime(2026, 7, 1, 20, 30, tzinfo=UTC), date(2026, 7, 1)),
]


@pytest.mark.parametrize("end", [None, date(2026, 12, 31)])
@pytest.mark.parametrize(("now", "newest"), NEW_YORK_TIMES)
def test_the_bar_of_a_running_session_is_left_out(served, feed_of, now, newest, end):
    clock = StandInClock()
    clock.set(now)
    stand_in = StandIn(made_up(["SPY"], now.date(), 20), clock=clock)
    with served(stand_in) as url:
        history = feed_of(url, now=lambda: now).bars(BarRequest([SPY], end=end)).unwrap()
    assert history.session(len(history) - 1) == newest


def test_the_time_from_which_a_bar_is_complete_is_a_setting(stand_in, url, feed_of, fake_time):
    fake_time.now = datetime(2026, 3, 4, 21, 40, tzinfo=UTC).timestamp()
    for after, newest in (("16:30", WEDNESDAY), ("17:00", date(2026, 3, 3))):
        history = feed_of(url, complete_after=after).bars(BarRequest([SPY])).unwrap()
        assert history.session(len(history) - 1) == newest


@pytest.mark.parametrize("is_excluded", [True, False])
def test_the_end_is_included_whichever_way_the_vendor_means_it(stand_in, url, feed_of, is_excluded):
    stand_in.quirks = evolve(stand_in.quirks, end_is_excluded=is_excluded)
    history = feed_of(url).bars(BarRequest([SPY], FRIDAY, date(2026, 3, 2))).unwrap()
    assert history.sessions.tolist() == [FRIDAY, date(2026, 3, 2)]


def test_bars_outside_of_the_range_are_left_out_where_the_vendor_gives_them(asked):
    rows = [bar("2026-02-26", "1"), bar("2026-02-27", "2"), bar("2026-03-02", "3")]
    rows.append(bar("2026-03-03", "4"))
    history = asked(member(rows=rows), start=FRIDAY, end=date(2026, 3, 2)).unwrap()
    assert history.close[:, 0].tolist() == [2, 3]


def test_a_history_longer_than_an_answer_is_read_in_pages(stand_in, url, feed_of):
    stand_in.prices = made_up(["SPY", "TLT"], WEDNESDAY, 5_004)
    stand_in.prices = {**stand_in.prices, "TLT": stand_in.prices["TLT"][-40:]}
    history = feed_of(url).bars(BarRequest([SPY, TLT])).unwrap()
    assert history.close[:, 0].tolist() == [each.close for each in stand_in.prices["SPY"]]
    assert np.isnan(history.close[:, 1]).sum() == 5_004 - 40
    assert [each.parameters["symbol"] for each in stand_in.asked] == ["SPY,TLT", "SPY"]


def test_a_full_page_that_reaches_the_start_is_the_last(stand_in, url, feed_of):
    stand_in.prices = made_up(["SPY"], WEDNESDAY, 5_004)
    start = stand_in.prices["SPY"][4].day
    history = feed_of(url).bars(BarRequest([SPY], start)).unwrap()
    assert (len(history), history.session(0)) == (5_000, start)
    assert len(stand_in.asked) == 1


@pytest.fixture
def paged(server, behave, feed_of, monkeypatch):
    """The bars of SPY where an answer has three bars at most, and the answers are these."""
    monkeypatch.setattr(bar_source, "FULL_PAGE", 3)

    def ask(*bodies, **request):
        server.script = [behave.reply(200, body) for body in bodies]
        return feed_of(server.url).bars(BarRequest((SPY,), **request))

    return ask


NEWEST = member(
    rows=[bar(f"2026-03-0{day}", price) for day, price in ((4, "4"), (3, "3"), (2, "2"))]
)
NOTHING = {"code": 400, "message": "No data is available on these dates", "status": "error"}


def test_pages_have_the_bar_in_common_at_which_they_meet(paged, server):
    history = paged(NEWEST, member(rows=[bar("2026-03-02", "2"), bar("2026-02-27", "1")])).unwrap()
    assert history.close[:, 0].tolist() == [1, 2, 3, 4]
    assert history.warnings == ()
    assert "end_date=2026-03-03" in server.received[1].target, "the day after the oldest bar"


@pytest.mark.parametrize(
    "older",
    [
        member(rows=[bar("2026-03-02", "1"), bar("2026-02-27", "0.5")]),
        member(rows=[bar("2026-02-27", "1"), bar("2026-02-26", "1")]),
        member(rows=[]),
        NOTHING,
        {"SPY": NOTHING},
        NEWEST,
    ],
    ids=["adjusted otherwise", "a gap", "nothing", "no data", "no data, keyed", "the same again"],
)
def test_a_page_that_does_not_go_on_where_the_one_before_ended_is_refused(paged, server, older):
    (problem,) = problems(paged(NEWEST, older))
    assert problem.code in ("unreadable-answer", "no-such-data")
    assert len(server.received) == 2


def test_a_full_answer_that_has_none_of_the_days_asked_for_is_refused(paged):
    (problem,) = problems(paged(NEWEST, end=FRIDAY))
    assert problem.why == "all bars of SPY are later than 2026-02-27"


def test_credits_that_are_used_are_waited_for_and_that_is_told(served, feed_of, fake_time):
    symbols = [Symbol(f"A{number}") for number in range(20)]
    fake_time.now = datetime(2026, 3, 4, 22, 30, 20, tzinfo=UTC).timestamp()
    stand_in = StandIn(made_up(symbols, WEDNESDAY, 5), clock=StandInClock(fake_time.moment))
    with served(stand_in) as url:
        history = feed_of(url).bars(BarRequest(symbols)).unwrap()
    assert history.missing_symbols == ()
    assert [len(each.parameters["symbol"].split(",")) for each in stand_in.asked] == [8, 8, 4]
    assert feed_of.told == [
        "twelvedata: 8 credits a minute are used, going on in 42 s; 8 of 20 symbols read",
        "twelvedata: 8 credits a minute are used, going on in 60 s; 16 of 20 symbols read",
    ]


@pytest.mark.parametrize("with_status", [True, False])
@pytest.mark.parametrize("tells_credits", [True, False])
def test_credits_that_another_program_uses_are_waited_for(
    stand_in, url, feed_of, with_status, tells_credits
):
    stand_in.quirks = evolve(
        stand_in.quirks, errors_with_status=with_status, tells_credits=tells_credits
    )
    stand_in.meter.take(6, stand_in.clock.now())
    history = feed_of(url).bars(BarRequest([SPY, TLT, GLD, BRK])).unwrap()
    assert history.missing_symbols == ()
    assert len(feed_of.told) == 1


def test_a_plan_with_fewer_credits_than_are_set_is_kept_to(stand_in, url, feed_of):
    stand_in.quirks = evolve(stand_in.quirks, credits_a_minute=3)
    history = feed_of(url, credits_per_minute=55).bars(BarRequest([SPY, TLT, GLD, BRK])).unwrap()
    assert history.missing_symbols == ()
    sizes = [len(each.parameters["symbol"].split(",")) for each in stand_in.asked]
    assert sizes == [4, 3, 1]


def test_a_member_without_credits_makes_the_batch_wait(server, behave, feed_of):
    spent = {"code": 429, "message": "for the current minute, limit being 8", "status": "error"}
    whole = {"SPY": member(), "TLT": member("TLT")}
    twice = member(rows=[bar("2026-03-02", "20.25")] * 2)
    server.script = [
        behave.reply(200, {"SPY": twice, "TLT": spent}),
        behave.reply(200, whole),
    ]
    history = feed_of(server.url).bars(BarRequest([SPY, TLT])).unwrap()
    assert history.missing_symbols == ()
    assert history.warnings == (), "something was kept of the batch that failed"
    assert len(feed_of.told) == 1


def test_patience_with_other_programs_ends(stand_in, url, feed_of):
    stand_in.quirks = evolve(stand_in.quirks, credits_a_minute=0)
    (problem,) = problems(feed_of(url).bars(BarRequest([SPY])))
    assert problem.code == "throttled"
    assert len(stand_in.asked) == 5


@pytest.mark.parametrize("says", ["the vendor", "the setting"])
def test_a_day_without_credits_fails_and_is_not_waited_for(stand_in, url, feed_of, fake_time, says):
    stand_in.quirks = evolve(stand_in.quirks, credits_a_day=2 if says == "the vendor" else 800)
    feed = feed_of(url, credits_per_day=0 if says == "the vendor" else 2)
    feed.bars(BarRequest([SPY, TLT])).unwrap()
    (problem,) = problems(feed.bars(BarRequest([GLD])))
    assert problem.code == "out-of-credits"
    assert fake_time.slept == []


def test_what_the_day_has_no_credits_for_is_not_even_begun(stand_in, url, feed_of):
    feed = feed_of(url, credits_per_day=3)
    (problem,) = problems(feed.bars(BarRequest([SPY, TLT, GLD, BRK])))
    assert (problem.code, stand_in.asked) == ("out-of-credits", [])
    assert feed.bars(BarRequest([SPY, TLT, GLD])).unwrap().missing_symbols == ()


@pytest.mark.parametrize("fault", [each for each in Fault if each is not Fault.NONE_AT_ALL])
def test_an_answer_that_is_spoilt_once_is_asked_for_again(stand_in, url, feed_of, fault):
    stand_in.faults = [fault]
    assert feed_of(url).bars(BarRequest([SPY, TLT])).unwrap().missing_symbols == ()
    assert len(stand_in.asked) == (1 if fault is Fault.LATE else 2)


def test_a_server_that_stays_spoilt_is_told(stand_in, url, feed_of):
    stand_in.faults = [Fault.PAGE] * 20
    (problem,) = problems(feed_of(url).bars(BarRequest([SPY])))
    assert problem.code == "no-answer"


def test_a_server_that_falls_silent_is_given_up(stand_in, url, feed_of):
    stand_in.faults = [Fault.NONE_AT_ALL] * 20
    feed = feed_of(url, read_seconds=0.1)
    (problem,) = problems(feed.bars(BarRequest([SPY])))
    assert problem.code == "no-answer"


def test_a_wrong_key_is_told_without_showing_it(stand_in, url, feed_of):
    (problem,) = problems(feed_of(url, key="wrong-canary").bars(BarRequest([SPY])))
    assert problem.code == "unauthorised"
    assert "wrong-canary" not in str(problem)


@pytest.mark.parametrize("quirk", ["left_out", "added", "abroad", "beyond_plan"])
def test_odd_members_fail_the_whole_request(stand_in, url, feed_of, quirk):
    symbol = "QQQ" if quirk == "added" else "TLT"
    stand_in.quirks = evolve(stand_in.quirks, **{quirk: frozenset({symbol})})
    assert problems(feed_of(url).bars(BarRequest([SPY, TLT])))


@pytest.mark.parametrize(
    "days",
    [
        {"start": WEDNESDAY + timedelta(days=1)},
        {"start": WEDNESDAY, "end": FRIDAY},
        {"end": date(1950, 1, 3)},
    ],
)
def test_a_range_without_a_session_costs_nothing(stand_in, url, feed_of, days):
    (problem,) = problems(feed_of(url).bars(BarRequest([SPY], **days)))
    assert problem.code == "no-session-in-range"
    assert stand_in.asked == []


def test_nothing_is_asked_for_that_is_older_than_any_bar(stand_in, url, feed_of):
    feed_of(url).bars(BarRequest([SPY], date(1900, 1, 1))).unwrap()
    assert stand_in.asked[0].parameters["start_date"] == "1970-01-02"
