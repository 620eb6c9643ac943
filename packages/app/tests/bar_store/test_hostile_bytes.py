"""Whatever bytes stand in the files of a store: they are the series that was put, or refused."""

import json
import zlib
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest
from attrs import asdict, evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from returns.result import Failure

from alchemiser_app.bar_store import labels
from alchemiser_app.bar_store.parquet_form import decoded, encoded, label_of
from alchemiser_app.bar_store.series import COLUMNS, StoredSeries
from alchemiser_app.bar_store.series_files import series_in
from alchemiser_app.bar_store.stored_actions import decoded_actions
from alchemiser_core.domain.bars import PriceBasis

BASIS = PriceBasis.ADJUSTED
finite = {"allow_nan": False, "allow_infinity": False}
prices = st.one_of(st.just(np.nan), st.floats(0.0, exclude_min=True, **finite))
volumes = st.one_of(st.just(np.nan), st.floats(0.0, **finite))


@st.composite
def any_series(draw):
    days = sorted(draw(st.sets(st.integers(-100_000, 100_000), min_size=1, max_size=12)))
    columns = {
        name: np.array(
            draw(
                st.lists(
                    volumes if name == "volume" else prices,
                    min_size=len(days),
                    max_size=len(days),
                )
            )
        )
        for name in COLUMNS
    }
    return StoredSeries(
        symbol="SPY",
        days=np.array(days, dtype="datetime64[D]"),
        basis=BASIS,
        source=draw(st.text(max_size=8).filter(lambda text: text.isprintable())),
        synthetic=draw(st.booleans()),
        **columns,
    )


@settings(max_examples=60)
@given(any_series())
def test_what_goes_in_comes_out(same, own):
    assert same(series_in(encoded(own), "SPY", BASIS).unwrap(), own)


@cache
def whole():
    days = np.arange(18_000, 18_030)
    columns = {name: np.linspace(1.0, 2.0, 30) for name in COLUMNS}
    series = StoredSeries(
        symbol="SPY",
        days=days.astype("datetime64[D]"),
        basis=BASIS,
        source="alpaca",
        synthetic=False,
        **columns,
    )
    return series, encoded(series)


@settings(max_examples=100)
@given(st.one_of(st.binary(), st.binary().map(lambda b: b"PAR1" + b + b"PAR1")))
def test_arbitrary_bytes_are_refused(data):
    for read in (label_of(data), decoded(data, COLUMNS), decoded_actions(data, "SPY")):
        assert isinstance(read, Failure)
        assert read.failure()


@settings(max_examples=400)
@given(st.data())
def test_a_damaged_file_is_the_same_series_or_refused(same, data):
    series, content = whole()
    start = data.draw(st.integers(0, len(content) - 1))
    damage = data.draw(st.binary(min_size=1, max_size=6))
    damaged = content[:start] + damage + content[start + len(damage) :]
    read = series_in(damaged, "SPY", BASIS)
    assert isinstance(read, Failure) or same(read.unwrap(), series)


@pytest.mark.parametrize("step", [1, 7, 64])
def test_a_file_that_is_cut_off_is_refused(step):
    _, content = whole()
    for stop in range(0, len(content), step * 11):
        assert isinstance(series_in(content[:stop], "SPY", BASIS), Failure)


def forged(days=None, changes=None, kinds=None, **columns):
    """A file of somebody who knows the form, checksums and all."""
    series, _ = whole()
    found = {"date": series.days.astype(np.int32)} | {n: series.column(n) for n in COLUMNS}
    found |= columns if days is None else {"date": days, **columns}
    label = label_of(whole()[1]).unwrap()
    sums = {name: zlib.crc32(np.ascontiguousarray(v).data) for name, v in found.items()}
    text = {**asdict(evolve(label, checksums=sums)), **(changes or {})}
    arrays = [
        pa.array(v).view(pa.date32()) if n == "date" else pa.array(v) for n, v in found.items()
    ]
    fields = [pa.field(n, a.type, nullable=False) for n, a in zip(found, arrays, strict=True)]
    body = json.dumps(text).encode()
    metadata = {labels.KEY: b"%08x %s" % (zlib.crc32(body), body)}
    sink = pa.BufferOutputStream()
    pa.parquet.write_table(pa.Table.from_arrays(arrays, schema=pa.schema(fields, metadata)), sink)
    return sink.getvalue().to_pybytes()


def test_a_forger_who_changes_nothing_is_believed(same):
    assert same(series_in(forged(), "SPY", BASIS).unwrap(), whole()[0])


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"close": np.full(30, -1.0)}, "close holds -1"),
        ({"open": np.full(30, np.inf)}, "open holds inf"),
        ({"close": np.full(30, 1.0, np.float32)}, "columns are not those"),
        ({"more": np.full(30, 1.0)}, "columns are not those"),
        ({"days": np.arange(30, 0, -1, dtype=np.int32)}, "not strictly increasing"),
        ({"days": np.arange(-900_000, -899_970, dtype=np.int32)}, "outside the calendar"),
        ({"changes": {"rows": 31}}, "it has 30 rows, not 31"),
        ({"changes": {"rows": 10**12}}, "rows"),
        ({"changes": {"rows": True}}, "label cannot be understood"),
        ({"changes": {"first": "yesterday"}}, "label cannot be understood"),
        ({"changes": {"first": "2019-04-15"}}, "another first or last day"),
        ({"changes": {"synthetic": 0}}, "label cannot be understood"),
        ({"changes": {"bad_prices": [["2020-01-02", "many"]]}}, "label cannot be understood"),
        ({"changes": {"bad_prices": 5}}, "label cannot be understood"),
        ({"changes": {"checksums": {}}}, "the checksum of its column date"),
        ({"changes": {"checksums": []}}, "label cannot be understood"),
        ({"changes": {"format": 2}}, "it has format 2"),
        ({"changes": {"more": 2}}, "label cannot be understood"),
        ({"changes": {"symbol": "TLT"}}, "it holds adjusted bars of 'TLT'"),
        ({"changes": {"folder": "raw"}}, "it holds raw bars"),
    ],
)
def test_a_forged_file_does_not_pass(given, words):
    assert words in series_in(forged(**given), "SPY", BASIS).failure()


def test_a_label_without_its_checksum_is_not_believed():
    table = pa.parquet.read_table(pa.BufferReader(whole()[1]))
    label = table.schema.metadata[labels.KEY].replace(b"alpaca", b"alpacb")
    sink = pa.BufferOutputStream()
    pa.parquet.write_table(table.replace_schema_metadata({labels.KEY: label}), sink)
    read = series_in(sink.getvalue().to_pybytes(), "SPY", BASIS)
    assert read.failure() == "it has no label of the bar store, or a damaged one"
