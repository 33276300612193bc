"""Open311 GeoReport v2: service requests of any council or city that speaks it, in JSON or XML."""

from functools import partial

from connectors.open311.config import Open311
from connectors.open311.polling import origin, poll
from connectors.open311.translating import translate
from connectors.surroundings import Surroundings
from hub.model.connector import Source

__all__ = ["Open311", "source", "translate"]


def source(config: Open311, surroundings: Surroundings) -> Source:
    """The source that `config` describes."""
    return Source(
        name=config.name,
        system=config.system,
        controller=config.controller,
        poll=partial(poll, config, surroundings),
        translate=partial(translate, config),
        origin=origin,
    )
