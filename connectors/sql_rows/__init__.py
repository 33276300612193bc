"""Rows of another system's database, read by a watermark: a column that grows whenever a row is written."""

from functools import partial

from connectors.rows import row_source
from connectors.sql_rows.reading import SqlRows, poll
from connectors.surroundings import Surroundings
from hub.model.connector import Source

__all__ = ["SqlRows", "source"]


def source(config: SqlRows, surroundings: Surroundings) -> Source:
    """The source that `config` describes."""
    return row_source(config, surroundings, partial(poll, config, surroundings))
