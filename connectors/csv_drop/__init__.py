"""CSV files that a council drops into a folder: each row a service request, a fact, or what a system knows of a person."""

from functools import partial

from connectors.csv_drop.file import read_on
from connectors.csv_drop.mapping import CsvDrop, CsvFacts, CsvFiles, CsvParticipants, CsvPeople
from connectors.rows import row_source
from connectors.rows.folder import poll
from connectors.surroundings import Surroundings
from hub.model.connector import Source

__all__ = ["CsvDrop", "CsvFacts", "CsvParticipants", "CsvPeople", "source"]


def source(config: CsvFiles, surroundings: Surroundings) -> Source:
    """The source that `config` describes."""
    return row_source(config, surroundings, partial(poll, read_on, config, surroundings))
