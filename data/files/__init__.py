"""Reading files of answers."""

from data.files.columns import only_text_column, require_columns, sentence_columns
from data.files.reading import READERS, read_table
from data.files.table import Table

__all__ = ["READERS", "Table", "only_text_column", "read_table", "require_columns", "sentence_columns"]
