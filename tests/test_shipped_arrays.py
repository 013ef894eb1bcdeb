"""Fitted arrays that ship with Samtal: small, and with their source and its licence beside them."""

from pathlib import Path

import numpy as np
import pytest

from models.vectors import space_map, word_layer


@pytest.mark.parametrize(("shipped", "bytes_at_most"), [(space_map.SHIPPED, 2_000_000), (word_layer.SHIPPED, 500_000)])
def test_shipped_arrays_are_small_and_name_their_source(shipped: Path, bytes_at_most: int) -> None:
    assert shipped.stat().st_size <= bytes_at_most
    with np.load(shipped, allow_pickle=False) as arrays:
        assert "WordNet" in str(arrays["source"])
    assert "Permission to use, copy, modify and distribute" in shipped.with_name("NOTICE.md").read_text("utf-8")
