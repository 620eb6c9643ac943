import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from alchemiser_app.feeds import arrow_arrays

PIECES = st.lists(st.lists(st.none() | st.floats(allow_nan=False), max_size=20), max_size=4)


@given(PIECES, st.integers(0, 10))
def test_floats_are_the_values_with_nan_and_a_mark_where_null(pieces, skipped):
    column = pa.chunked_array(pieces, pa.float64()).slice(skipped)
    values, absent = arrow_arrays.floats(column)
    expected = [value for piece in pieces for value in piece][skipped:]
    np.testing.assert_array_equal(absent, [value is None for value in expected])
    np.testing.assert_array_equal(values, np.array(expected, dtype=np.float64))


@given(st.lists(st.lists(st.dates(), max_size=5), max_size=4))
def test_days_are_the_days(pieces):
    days = arrow_arrays.days(pa.chunked_array(pieces, pa.date32()))
    assert days.tolist() == [day for piece in pieces for day in piece]
