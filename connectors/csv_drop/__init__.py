"""CSV files that a council drops into a folder: each row a service request as it stood then."""

from functools import partial

from connectors.csv_drop.folder import origin, poll
from connectors.csv_drop.mapping import CsvDrop
from connectors.csv_drop.rows import readings, translate
from connectors.surroundings import Surroundings
from hub.model.connector import Source

__all__ = ["CsvDrop", "source"]


def source(config: CsvDrop, surroundings: Surroundings) -> Source:
    """The source that `config` describes."""
    return Source(
        name=config.name,
        system=config.system,
        controller=config.controller,
        poll=partial(poll, config, surroundings),
        translate=partial(translate, readings(config)),
        origin=origin,
    )
