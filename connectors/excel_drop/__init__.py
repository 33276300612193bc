"""Excel workbooks that a council drops into a folder: rows of one sheet, beneath the names of their columns."""

from functools import partial

from connectors.excel_drop.workbook import ExcelFiles, read_on
from connectors.rows import row_source
from connectors.rows.folder import poll
from connectors.surroundings import Surroundings
from hub.model.connector import Source

__all__ = ["ExcelFiles", "source"]


def source(config: ExcelFiles, surroundings: Surroundings) -> Source:
    """The source that `config` describes."""
    return row_source(config, surroundings, partial(poll, read_on, config, surroundings))
