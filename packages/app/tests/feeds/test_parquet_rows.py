from datetime import UTC, date, datetime
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from returns.result import Failure

from alchemiser_app.feeds.files import FilesFeed
from alchemiser_app.feeds.parquet_rows import read_parquet
from alchemiser_core.domain.bars import BadPrice
from alchemiser_core.testing.bars import wandering_history
from alchemiser_core.testing.conformance import MarketDataConformance

DAYS = [date(2024, 1, 2), date(2024, 1, 3)]
MIDNIGHTS = [datetime(2024, 1, 2), datetime(2024, 1, 3)]  # noqa: DTZ001


def parquet(**columns):
    sink = pa.BufferOutputStream()
    pa.parquet.write_table(pa.table(columns), sink)
    return sink.getvalue().to_pybytes()


class TestParquet(MarketDataConformance):
    known = ("SPY", "BRK.B")

    @pytest.fixture
    def feed(self, tmp_path):
        history = wandering_history(self.known, 40)
        for column, symbol in enumerate(self.known):
            names = ("open", "high", "low", "close", "volume")
            values = {name.title(): getattr(history, name)[:, column] for name in names}
            data = parquet(Date=pa.array(history.sessions.tolist()), **values)
            (tmp_path / f"{symbol}.parquet").write_bytes(data)
        return FilesFeed(tmp_path)


@pytest.mark.parametrize(
    "days",
    [
        pa.array(DAYS, pa.date32()),
        pa.array(DAYS, pa.date64()),
        pa.array(MIDNIGHTS, pa.timestamp("ns")),
        pa.array(MIDNIGHTS, pa.timestamp("s")),
        pa.array([m.replace(tzinfo=UTC) for m in MIDNIGHTS], pa.timestamp("us", "UTC")),
        pa.array([m.replace(hour=5, tzinfo=UTC) for m in MIDNIGHTS], pa.timestamp("ns", "-05:00")),
        pa.array(["2024-01-02", "2024-01-03"]),
        pa.array(["2024-01-02", "2024-01-03"]).dictionary_encode(),
        pa.array([20240102, 20240103]),
    ],
    ids=lambda column: str(column.type).split("<")[0],
)
def test_days_of_any_usual_type(folder, days):
    history = folder.write("SPY.parquet", parquet(date=days, close=[1.0, 2.0])).bars("SPY").unwrap()
    assert history.sessions.tolist() == DAYS
    assert history.close[:, 0].tolist() == [1, 2]


@pytest.mark.parametrize(
    "closes",
    [
        pa.array([1.5, None], pa.float64()),
        pa.array([1.5, None], pa.float32()),
        pa.array([Decimal("1.5"), None], pa.decimal128(10, 4)),
        pa.array(["1.5", None], pa.string()),
    ],
    ids=lambda column: str(column.type),
)
def test_prices_of_any_usual_type(folder, closes):
    history = folder.write("SPY.parquet", parquet(date=DAYS, close=closes)).bars("SPY").unwrap()
    np.testing.assert_array_equal(history.close[:, 0], [1.5, np.nan])
    assert history.bad_prices == ()


def test_a_value_that_is_no_number_is_a_bad_price_and_a_null_is_not(folder):
    closes = pa.array([float("nan"), None, 0.0], from_pandas=False)
    days = [*DAYS, date(2024, 1, 4)]
    history = folder.write("SPY.parquet", parquet(date=days, close=closes)).bars("SPY").unwrap()
    assert [bad.session for bad in history.bad_prices] == [days[0], days[2]]
    assert history.bad_prices[1] == BadPrice("SPY", days[2], 0.0)


@pytest.mark.parametrize(
    ("columns", "code", "where"),
    [
        ({"date": [], "close": []}, "empty-file", "SPY.parquet"),
        ({"date": DAYS, "price": [1.0, 2.0]}, "no-usable-column", "SPY.parquet"),
        ({"date": [DAYS[0], None], "close": [1, 2]}, "unparsable-date", "SPY.parquet: row 2"),
        ({"date": ["2024-01-02", "x"], "close": [1, 2]}, "unparsable-date", "SPY.parquet: row 2"),
        ({"date": [1.5, 2.5], "close": [1, 2]}, "unparsable-date", "SPY.parquet: row 1"),
        ({"date": DAYS, "close": ["1", "two"]}, "not-a-number", "SPY.parquet: row 2"),
        ({"date": DAYS, "close": [True, True]}, "not-a-number", "SPY.parquet"),
        ({"date": DAYS, "close": [[1], [2]]}, "not-a-number", "SPY.parquet"),
        ({"date": [DAYS[0]] * 2, "close": [1, 2]}, "conflicting-rows", "SPY.parquet: row 2"),
    ],
)
def test_what_is_wrong_is_said_with_file_and_row(folder, columns, code, where):
    problems = folder.write("SPY.parquet", parquet(**columns)).problems("SPY")
    assert (problems[0].code, problems[0].where) == (code, where)


def test_rows_that_agree_on_the_close_alone_still_conflict(folder):
    folder.write("SPY.parquet", parquet(date=[DAYS[0]] * 2, close=[1.0, 1.0], volume=[1, 2]))
    assert folder.codes("SPY") == ["conflicting-rows"]


def test_days_before_the_calendar_of_dates_are_no_days(folder):
    days = pa.array([-800000], pa.int32()).cast(pa.date32())
    folder.write("SPY.parquet", parquet(date=days, close=[1.0]))
    assert folder.codes("SPY") == ["unparsable-date"]


def test_rows_out_of_order_in_parquet_are_sorted(folder):
    folder.write("SPY.parquet", parquet(date=DAYS[::-1], close=[2.0, 1.0]))
    history = folder.bars("SPY").unwrap()
    assert history.close[:, 0].tolist() == [1, 2]
    assert len(history.warnings) == 1


def test_columns_in_several_pieces_are_one_column(folder):
    sink = pa.BufferOutputStream()
    table = pa.table({"date": DAYS * 1, "close": pa.array([1.0, None])})
    with pa.parquet.ParquetWriter(sink, table.schema) as writer:
        writer.write_table(table)
        later = pa.table({"date": [date(2024, 1, 4)], "close": pa.array([3.0])})
        writer.write_table(later)
    folder.write("SPY.parquet", sink.getvalue().to_pybytes())
    np.testing.assert_array_equal(folder.bars("SPY").unwrap().close[:, 0], [1, np.nan, 3])


WHOLE = parquet(date=DAYS, close=[1.0, 2.0])


@settings(max_examples=150)
@given(st.one_of(st.binary(), st.binary().map(lambda b: b"PAR1" + b + b"PAR1")))
def test_arbitrary_bytes_never_pass_as_bars(data):
    result = read_parquet(data, "x", closes_only=True)
    assert isinstance(result, Failure)
    assert result.failure()[0].hint


@settings(max_examples=200)
@given(st.integers(0, len(WHOLE) - 1), st.binary(min_size=1, max_size=6))
def test_a_damaged_file_is_read_or_refused(start, damage):
    read_parquet(WHOLE[:start] + damage + WHOLE[start + len(damage) :], "x", closes_only=True)


@pytest.mark.parametrize("name", [b"cl\xffse", b"\xba\xba\xba\xba\xba"])
def test_names_that_are_no_text_are_refused(folder, name):
    (problem,) = folder.write("SPY.parquet", WHOLE.replace(b"close", name)).problems("SPY")
    assert problem.code == "broken-parquet"
