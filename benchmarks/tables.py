"""Tables of figures as the results files hold them."""

from typing import Any

import pandas as pd


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return one dictionary per row; what the index holds comes first."""
    return [{str(key): value for key, value in row.items()} for row in table.reset_index().to_dict("records")]
