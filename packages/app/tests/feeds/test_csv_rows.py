"""What goes wrong in CSV files, and where the message says it is."""

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from returns.result import Failure, Success

from alchemiser_app.feeds import csv_rows
from alchemiser_app.feeds.csv_rows import read_csv

HEADER = "date,close\n"


@pytest.mark.parametrize(
    ("text", "code", "where"),
    [
        ("", "empty-file", "SPY.csv"),
        ("\n\n", "empty-file", "SPY.csv"),
        (HEADER, "empty-file", "SPY.csv"),
        (HEADER + "2024-01-02,10\n2024-13-01,11\n", "unparsable-date", "SPY.csv:3"),
        (HEADER + "2024-01-02,10\n,11\n", "unparsable-date", "SPY.csv:3"),
        (HEADER + "01/02/2024,10\n", "unparsable-date", "SPY.csv:2"),
        (HEADER + "2024-01-02T01:00:00Z,10\n", "unparsable-date", "SPY.csv:2"),
        (HEADER + "2024-01-02,ten\n", "not-a-number", "SPY.csv:2"),
        (HEADER + '2024-01-02,"1,000"\n', "not-a-number", "SPY.csv:2"),
        (HEADER + "2024-01-02,1_000\n", "not-a-number", "SPY.csv:2"),
        (HEADER + "2024-01-02,$10\n", "not-a-number", "SPY.csv:2"),
        (HEADER + "2024-01-02,10,11\n", "ragged-row", "SPY.csv:2"),
        (HEADER + "2024-01-02,10\n2024-01\n", "ragged-row", "SPY.csv:3"),
        (HEADER + '2024-01-02,"10\n2024-01-03,11\n', "broken-csv", "SPY.csv:2"),
        ('"date,close\n', "broken-csv", "SPY.csv:1"),
        (HEADER + "2024-01-02,10\n2024-01-02,11\n", "conflicting-rows", "SPY.csv:3"),
        (HEADER + "2024-01-03,9\n2024-01-02,10\n\n2024-01-02,\n", "conflicting-rows", "SPY.csv:5"),
    ],
)
def test_what_is_wrong_is_said_with_file_and_line(folder, text, code, where):
    (problem,) = folder.write("SPY.csv", text).problems("SPY")
    assert (problem.code, problem.where) == (code, where)
    assert problem.hint


def test_bytes_that_are_no_text_are_named(folder):
    folder.write("SPY.csv", HEADER.encode() + b"2024-01-02,10\n2024-01-03,\xff\n")
    (problem,) = folder.problems("SPY")
    assert (problem.code, problem.where) == ("undecodable", "SPY.csv:3")
    assert "0xff" in problem.what


def test_a_file_in_utf_16_is_refused(folder):
    assert folder.write("SPY.csv", (HEADER + "2024-01-02,1\n").encode("utf-16")).codes("SPY") == [
        "undecodable"
    ]


def test_a_conflict_shows_both_values_and_lines(folder):
    folder.write("SPY.csv", HEADER + "2024-01-02,10\n2024-01-03,1\n2024-01-02,11.5\n")
    (problem,) = folder.problems("SPY")
    assert "as line 2" in problem.what
    assert problem.why == "11.5 here, 10 there"


def test_rows_that_agree_on_the_close_alone_still_conflict(folder):
    folder.write("SPY.csv", "date,close,volume\n2024-01-02,10,5\n2024-01-02,10,6\n")
    (problem,) = folder.problems("SPY")
    assert "another volume" in problem.what


def test_problems_of_all_lines_and_files_are_reported_together(folder):
    folder.write("SPY.csv", HEADER + "x,10\n2024-01-02,ten\n2024-01-03\n")
    folder.write("TLT.csv", "date,price\n2024-01-02,1\n")
    folder.write("GLD.csv", "")
    assert sorted(folder.codes("SPY", "TLT", "GLD")) == [
        "empty-file",
        "no-usable-column",
        "not-a-number",
        "ragged-row",
        "unparsable-date",
    ]


def test_many_problems_of_one_kind_are_counted(folder):
    folder.write("SPY.csv", HEADER + "x,10\n" * 1000)
    problems = folder.problems("SPY")
    assert len(problems) == 6
    assert problems[-1].what == "995 more of the kind unparsable-date"
    assert problems[-1].where == "SPY.csv"


def test_a_column_that_is_not_needed_may_hold_anything(folder):
    folder.write("SPY.csv", "date,close,volume\n2024-01-02,10,lots\n")
    assert folder.bars("SPY").unwrap().close[0, 0] == 10
    assert folder.codes("SPY", closes_only=False) == ["not-a-number"]


def test_that_holds_for_rows_out_of_order_too(folder):
    folder.write("SPY.csv", "date,close,volume\n2024-01-03,11,few\n2024-01-02,10,lots\n")
    assert folder.bars("SPY").unwrap().close[:, 0].tolist() == [10, 11]


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffdate,close\n2024-01-02,10\n2024-01-03,11\n",
        "date,close\r\n2024-01-02,10\r\n2024-01-03,11\r\n",
        "date,close\r2024-01-02,10\r2024-01-03,11\r",
        "date,close\n2024-01-02,10\n2024-01-03,11",
        "\n\ndate,close\n\n2024-01-02,10\n\n2024-01-03,11\n\n",
        '"date","close"\n"2024-01-02","10"\n"2024-01-03","11"\n',
        "date,close\n2024-01-02, 10\n2024-01-03,1.1e1\n",
        "date,close\n2024-01-02 16:00:00,10\n2024-01-03 16:00:00,11\n",
        "date,close\n2024-01-02 00:00:00-05:00,10\n2024-01-03 00:00:00-05:00,11\n",
        "date,close\n20240102,10\n20240103,+11\n",
        'date,close,note\n2024-01-02,10,"two\nlines"\n2024-01-03,11,"a ""quote"""\n',
    ],
)
def test_ways_to_write_the_same_two_rows(folder, text):
    history = folder.write("SPY.csv", text).bars("SPY").unwrap()
    assert history.close[:, 0].tolist() == [10, 11]
    assert [d.isoformat() for d in history.sessions.tolist()] == ["2024-01-02", "2024-01-03"]
    assert history.warnings == ()


CELLS = st.sampled_from(
    [
        *("10", "0", "-1", "1e3", "nan", "NaN", "-nan", "inf", "-inf", "+inf", "Infinity"),
        *("", "null", "NULL", "NA", "N/A", "n/a", "None", " ", "ten", "true", '"', "٣"),
        *(" 5", "5 ", "1 0", "1,0", "0x10", "1_0", "1e400", "1e-400", "1e", "1d"),
        *(".5", "5.", ".", "+5", "--5"),
    ]
)
DAYS = st.sampled_from(
    [
        *("2024-01-02", "2024-01-03", "2024-01-04", "2024-1-5", " 2024-01-06", "2024-01-07 "),
        *("", "x", "NA", "null", "2024-02-30", "+2024-01-02", "-001-01-01"),
        *("0000-01-01", "0001-01-01", "9999-12-31", "10000-01-01"),
        *("2024/01/08", "20240109", "2024-01-10T00:00", "2024-01-11 12:00:00Z"),
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(DAYS, CELLS), max_size=4), st.booleans())
@example([("2024-01-02", "10"), ("2024-01-03", " ")], True)
def test_the_quick_way_and_the_careful_way_give_the_same_rows(rows, quoted):
    mark = '"' if quoted else ""
    text = HEADER + "".join(f"{mark}{d}{mark},{mark}{c}{mark}\n" for d, c in rows)
    quick = read_csv(text.encode(), "x", closes_only=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_rows, "_read_quickly", lambda data, columns: None)
        careful = read_csv(text.encode(), "x", closes_only=True)
    if isinstance(careful, Failure):
        assert quick == careful
        return
    one, other = quick.unwrap(), careful.unwrap()
    np.testing.assert_array_equal(one.days, other.days)
    for field, values in other.values.items():
        np.testing.assert_array_equal(one.values[field], values)
        np.testing.assert_array_equal(one.absent[field], other.absent[field])


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(st.binary(), st.text().map(str.encode)), st.booleans())
def test_arbitrary_bytes_never_pass_as_bars(data, closes_only):
    result = read_csv(data, "x", closes_only)
    assert isinstance(result, Failure)
    assert all(problem.code and problem.what for problem in result.failure())


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=12),
    st.integers(0, 60),
    st.integers(0, 12),
)
def test_a_damaged_file_is_read_or_refused_never_both(damage, start, length):
    whole = b"date,close\n2024-01-02,10\n2024-01-03,11\n2024-01-04,12\n"
    result = read_csv(whole[:start] + damage + whole[start + length :], "x", closes_only=True)
    if isinstance(result, Success):
        rows = result.unwrap()
        assert all(len(values) == len(rows.days) for values in rows.values.values())
    else:
        assert result.failure()
