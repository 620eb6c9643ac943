"""The stand-in speaks as the vendor does, with every quirk that is not certain as a switch."""

import json
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest
from attrs import evolve

from alchemiser_twelvedata.stand_in import KEY, Bar, StandIn, StandInClock, made_up, read_folder
from alchemiser_twelvedata.stand_in.__main__ import main
from alchemiser_twelvedata.stand_in.averages import exponential, simple, strength

DAY = date(2026, 3, 4)


@pytest.fixture
def ask(url):
    """Status, headers and JSON of a question."""

    def asked(path, key=KEY, **parameters):
        query = "&".join(f"{name}={value}" for name, value in parameters.items())
        request = urllib.request.Request(f"{url}{path}?{query}")  # noqa: S310
        request.add_header("Authorization", f"apikey {key}")
        try:
            answer = urllib.request.urlopen(request, timeout=5)  # noqa: S310
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            return answer.status, answer.headers, json.loads(answer.read())

    return asked


def series(ask, symbol="SPY", **parameters):
    return ask("/time_series", symbol=symbol, interval="1day", **parameters)[2]


def test_a_series_has_the_form_of_the_vendors(ask, stand_in):
    status, headers, body = ask("/time_series", symbol="SPY", interval="1day")
    assert (status, body["status"]) == (200, "ok")
    assert body["meta"] == {
        "symbol": "SPY",
        "interval": "1day",
        "currency": "USD",
        "exchange_timezone": "America/New_York",
        "exchange": "NASDAQ",
        "mic_code": "XNGS",
        "type": "Common Stock",
    }
    newest, bar = body["values"][0], stand_in.prices["SPY"][-1]
    assert newest == {
        "datetime": "2026-03-04",
        "open": f"{bar.open:.5f}",
        "high": f"{bar.high:.5f}",
        "low": f"{bar.low:.5f}",
        "close": f"{bar.close:.5f}",
        "volume": f"{bar.volume:.0f}",
    }
    assert len(body["values"]) == 30
    assert (headers["api-credits-used"], headers["api-credits-left"]) == ("1", "7")
    assert headers["is_batch"] is None


def test_ranges_sizes_and_orders(ask, stand_in):
    days = [bar.day.isoformat() for bar in stand_in.prices["SPY"]]

    def told(**parameters):
        return [row["datetime"] for row in series(ask, **parameters)["values"]]

    assert told(start_date=days[2]) == days[-30:][::-1], "one end alone does not make it longer"
    assert told(start_date=days[2], end_date=days[-1]) == days[2:][::-1]
    assert told(end_date=days[4], order="asc") == days[:5]
    assert told(start_date=days[1], end_date=days[9], outputsize=3) == days[7:10][::-1]
    stand_in.quirks = evolve(stand_in.quirks, ignores_order=True, end_is_excluded=True)
    assert told(end_date=days[4], order="asc") == days[:4][::-1]


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"interval": "1min"}, 400),
        ({"interval": "1day", "outputsize": "5001"}, 400),
        ({"interval": "1day", "outputsize": "x"}, 400),
        ({"interval": "1day", "end_date": "soon"}, 400),
        ({"interval": "1day", "end_date": "1999-01-01"}, 400),
        ({"interval": "1day", "symbol": "NOSUCH"}, 404),
    ],
)
@pytest.mark.parametrize("with_status", [True, False])
def test_errors_come_under_200_or_their_status(ask, stand_in, parameters, code, with_status):
    stand_in.quirks = evolve(stand_in.quirks, errors_with_status=with_status)
    status, _, body = ask("/time_series", **{"symbol": "SPY", **parameters})
    assert status == (code if with_status else 200)
    assert (body["code"], body["status"]) == (code, "error")


def test_a_batch_is_keyed_and_each_member_is_a_full_answer(ask, stand_in):
    _, headers, body = ask("/time_series", symbol="SPY,NOSUCH,TLT", interval="1day")
    assert list(body) == ["SPY", "NOSUCH", "TLT"]
    assert body["TLT"]["meta"]["symbol"] == "TLT"
    assert body["NOSUCH"]["status"] == "error"
    assert headers["is_batch"] == "true"
    assert stand_in.meter.used == 3
    stand_in.quirks = evolve(stand_in.quirks, keyed_single=True)
    assert list(series(ask)) == ["SPY"]


def test_decimals_are_those_asked_for_unless_it_rounds(ask, stand_in):
    stand_in.prices = {"SPY": [Bar(DAY, 1.5, 2, 1, 1.2345678, 10)]}
    assert series(ask)["values"][0]["close"] == "1.23457"
    assert series(ask, dp=11)["values"][0]["close"] == "1.23456780000"
    stand_in.quirks = evolve(stand_in.quirks, most_decimals=2)
    assert series(ask, dp=11)["values"][0]["close"] == "1.23000000000"


@pytest.mark.parametrize(
    ("at", "newest", "is_whole"),
    [
        (datetime(2026, 3, 4, 14, 29, tzinfo=UTC), date(2026, 3, 3), True),
        (datetime(2026, 3, 4, 17, 45, tzinfo=UTC), DAY, False),
        (datetime(2026, 3, 4, 21, 0, tzinfo=UTC), DAY, True),
    ],
)
def test_the_bar_of_the_running_session_is_partial(ask, stand_in, at, newest, is_whole):
    stand_in.clock.set(at)
    row = series(ask)["values"][0]
    assert row["datetime"] == newest.isoformat()
    bar = next(bar for bar in stand_in.prices["SPY"] if bar.day == newest)
    assert (row["close"] == f"{bar.close:.5f}") is is_whole
    assert float(row["low"]) <= float(row["close"]) <= float(row["high"])


def test_credits_are_counted_by_the_minute_of_its_own_clock(ask, stand_in):
    stand_in.clock.set(datetime(2026, 3, 4, 22, 30, 50, tzinfo=UTC))
    assert series(ask, "A,B,C,D,E,F,G,H")["A"]["code"] == 404
    refused = series(ask)
    assert refused["code"] == 429
    assert "9 API credits were used, with the current limit being 8" in refused["message"]
    stand_in.clock.advance(timedelta(seconds=10))
    _, headers, body = ask("/time_series", symbol="SPY", interval="1day")
    assert body["status"] == "ok"
    assert parsedate_to_datetime(headers["date"]) == stand_in.clock.now()
    stand_in.quirks = evolve(stand_in.quirks, credits_a_day=10)
    assert "for the day" in series(ask)["message"]


def test_without_its_key_it_answers_nothing(ask, url, stand_in):
    assert ask("/price", key="another", symbol="SPY")[2]["code"] == 401
    with urllib.request.urlopen(f"{url}/price?symbol=SPY&apikey={KEY}") as answer:  # noqa: S310
        assert "price" in json.loads(answer.read())
    assert [each.has_key_in_address for each in stand_in.asked] == [False, True]
    assert KEY not in repr(stand_in.asked)


def test_the_other_paths_answer(ask, stand_in):
    closes = [bar.close for bar in stand_in.prices["SPY"]]
    assert ask("/price", symbol="SPY")[2] == {"price": f"{closes[-1]:.5f}"}
    quote = ask("/quote", symbol="SPY")[2]
    assert (quote["close"], quote["previous_close"]) == (f"{closes[-1]:.5f}", f"{closes[-2]:.5f}")
    usage = ask("/api_usage")[2]
    assert (usage["current_usage"], usage["plan_limit"], usage["daily_usage"]) == (3, 8, 3)
    assert ask("/price")[2]["code"] == 400
    assert ask("/nowhere")[2]["code"] == 404


def test_an_indicator_has_the_form_of_the_vendors(ask):
    _, _, body = ask("/rsi", symbol="SPY", interval="1day", time_period="10", outputsize="2")
    assert body["meta"]["indicator"] == {
        "name": "RSI - Relative Strength Index",
        "series_type": "close",
        "time_period": 10,
    }
    assert [set(row) for row in body["values"]] == [{"datetime", "rsi"}] * 2
    assert ask("/sma", symbol="SPY", interval="1day", time_period="0")[2]["code"] == 400


def test_its_formulas_give_what_is_worked_out_by_hand():
    closes = [1.0, 2.0, 4.0, 3.0, 5.0]
    assert simple(closes, 3) == [None, None, pytest.approx(7 / 3), 3.0, 4.0]
    assert exponential(closes, 3) == [
        None, None, pytest.approx(7 / 3), pytest.approx(8 / 3), pytest.approx(23 / 6),
    ]  # fmt: skip
    # Changes: +1, +2, -1, +2; means of the first two: 1.5 up, 0 down.
    assert strength(closes, 2) == [
        None, None, 100.0, pytest.approx(60.0), pytest.approx(100 * 1.375 / 1.625),
    ]  # fmt: skip
    assert strength([1.0, 1.0, 1.0], 2) == [None, None, 50.0]
    assert strength([1.0], 14) == [None]


def test_raw_prices_may_differ_from_adjusted_ones(ask, stand_in):
    stand_in.raw = {"SPY": [Bar(DAY, 9, 9, 9, 9, 1)]}
    assert series(ask, adjust="none")["values"][0]["close"] == "9.00000"
    assert series(ask, adjust="all")["values"][0]["close"] != "9.00000"


def test_made_up_prices_are_the_same_whatever_else_is_made_up():
    one, other = made_up(["SPY"], DAY, 10), made_up(["TLT", "SPY"], DAY, 10)
    assert one["SPY"] == other["SPY"]
    assert one["SPY"][-1].day == DAY
    assert one["SPY"] != made_up(["SPY"], DAY, 10, seed=1)["SPY"]
    assert all(bar.low <= min(bar.open, bar.close) for bar in one["SPY"])
    assert all(bar.high >= max(bar.open, bar.close) for bar in one["SPY"])


def test_prices_are_read_from_a_folder(tmp_path):
    head = "date,open,high,low,close,volume\n"
    (tmp_path / "BRK.B.csv").write_text(head + "2026-03-04,2,3,1,2.5,7\n2026-03-03,2,3,1,2,7\n")
    assert read_folder(tmp_path).unwrap() == {
        "BRK.B": (Bar(date(2026, 3, 3), 2, 3, 1, 2, 7), Bar(DAY, 2, 3, 1, 2.5, 7))
    }


@pytest.mark.parametrize("text", [None, "date,open\n2026-03-04,2\n", "x", "\udce9"])
def test_a_folder_that_cannot_be_served_is_told(tmp_path, text, capsys):
    if text is not None:
        raw = text.encode("utf-8", "surrogateescape")
        head = b"" if text != "x" else b"date,open,high,low,close,volume\n"
        (tmp_path / "SPY.csv").write_bytes(head + raw)
    if text == "\udce9":
        (tmp_path / "SPY.csv").write_bytes(b"date,open,high,low,close,volume\n\xe9")
    assert main(["--data", str(tmp_path)]) == 1
    assert "no prices to serve" in capsys.readouterr().err


def test_a_port_that_is_taken_is_told(url, capsys):
    port = url.rsplit(":", 1)[1]
    assert main(["--port", port]) == 1
    assert "cannot listen" in capsys.readouterr().err


def listening_to_ctrl_c():
    """Programs that are started in the background inherit that Ctrl-C is nothing to them."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_people_start_it_and_end_it_with_ctrl_c():
    command = [sys.executable, "-m", "alchemiser_twelvedata.stand_in", "--port", "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, preexec_fn=listening_to_ctrl_c
    ) as program:
        try:
            line = program.stdout.readline()
            program.send_signal(signal.SIGINT)
            assert program.wait(10) == 0
        finally:
            program.kill()
    assert "7 symbols are served at http://127.0.0.1:" in line


def test_several_stand_ins_run_at_once(served):
    with served(StandIn({}, clock=StandInClock())) as one, served(StandIn({})) as other:
        assert one != other
