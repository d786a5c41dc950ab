"""Columns in memory: packed small, and back to the bit."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from geo_data.columns import Columns, Packed

ANY = st.one_of(
    arrays.arrays(np.float32, st.integers(0, 300), elements=st.sampled_from([0, 1, 0.25, np.nan, -3])),
    arrays.arrays(np.int16, st.integers(0, 300), elements=st.integers(-1, 400)),
    arrays.arrays(np.int64, st.integers(0, 50)),
)  # fmt: skip


@given(ANY)
def test_every_column_comes_back(column):
    """Values, order and type; unknown stays unknown."""
    back = Packed.of(column).column()
    assert back.dtype == column.dtype
    np.testing.assert_array_equal(back, column)


@pytest.mark.parametrize(
    ("column", "most"),
    [
        (np.ones(100_000, np.float32), 16),
        (np.where(np.arange(100_000) % 7, 1, 0).astype(np.float32), 100_100),
        (np.repeat(np.arange(5, dtype=np.int16), 20_000), 100_100),
        (np.arange(100_000, dtype=np.float32), 400_100),
    ],
)
def test_what_repeats_takes_a_byte_and_what_is_constant_nothing(column, most):
    """Bytes of 100,000 rows: one value, two, five, all different."""
    assert Packed.of(column).nbytes <= most


def test_rare_values_lie_beside_the_common_ones():
    """A tenth of the cells is partly covered: their shares stay exact."""
    cover = np.ones(50_000, np.float32)
    cover[::10] = np.random.default_rng(3).random(5_000, np.float32)
    packed = Packed.of(cover)
    np.testing.assert_array_equal(packed.column(), cover)
    assert packed.nbytes < 0.55 * cover.nbytes


def test_a_table_is_read_once():
    """The second question for a column asks nobody."""
    asked = []

    def read(names: list[str]) -> pa.Table:
        asked.append(names)
        return pa.table({name: [1.0, 2.0] for name in names})

    columns = Columns(read)
    assert columns.frame(["a", "b"])["b"].tolist() == columns.frame(["b"])["b"].tolist() == [1, 2]
    assert asked == [["a", "b"]]
