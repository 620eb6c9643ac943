"""Arrow columns as numpy arrays by their buffers alone.

Arrow's own conversions import pandas where it is installed and the compute functions where it is
not, which costs more than reading a hundred files.
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pyarrow as pa


def floats(column: "pa.ChunkedArray") -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Values of a `float64` column, NaN where null, and where it is null."""
    absent = _nulls(column)
    values: NDArray[np.float64] = _values(column, np.dtype(np.float64)).astype(np.float64)
    values[absent] = np.nan
    return values, absent


def days(column: "pa.ChunkedArray") -> NDArray[np.datetime64]:
    """Days of a `date32` column without nulls."""
    return _values(column, np.dtype(np.int32)).astype("datetime64[D]")


def _values(column: "pa.ChunkedArray", kind: np.dtype[np.generic]) -> NDArray[np.generic]:
    parts = [
        np.frombuffer(chunk.buffers()[1], dtype=kind)[chunk.offset : chunk.offset + len(chunk)]
        for chunk in column.chunks
        if len(chunk)
    ]
    if len(parts) == 1:
        return parts[0]
    return np.concatenate(parts) if parts else np.empty(0, dtype=kind)


def _nulls(column: "pa.ChunkedArray") -> NDArray[np.bool_]:
    """Arrow marks what is valid, one bit a row, and nothing at all where no row is null."""
    absent = np.zeros(len(column), dtype=np.bool_)
    start = 0
    for chunk in column.chunks:
        bits = chunk.buffers()[0] if chunk.null_count else None
        if bits is not None:
            valid = np.unpackbits(np.frombuffer(bits, dtype=np.uint8), bitorder="little")
            absent[start : start + len(chunk)] = (
                valid[chunk.offset : chunk.offset + len(chunk)] == 0
            )
        start += len(chunk)
    return absent
