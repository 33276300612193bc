"""The General Register Office's daily extract of deaths: XML files in a folder, each registration as it stands that day."""

from functools import partial
from typing import Literal

from connectors.dropped_files import FileDrop
from connectors.gro_deaths.extract import Registration, poll
from connectors.gro_deaths.translating import translate
from connectors.surroundings import Surroundings
from connectors.zones import Zone
from hub.model.connector import Source

__all__ = ["GroDeaths", "source"]


class GroDeaths(FileDrop):
    """Where the extracts are dropped, in which zone their times are, and who the national service tells besides."""

    kind: Literal["gro_deaths"]
    pattern: str = "*.xml"
    zone: Zone = "Europe/London"
    already_told: tuple[str, ...] = ()


def source(config: GroDeaths, surroundings: Surroundings) -> Source:
    """The source that `config` describes."""
    return Source(
        name=config.name,
        system=config.system,
        controller=config.controller,
        poll=partial(poll, config, surroundings),
        translate=partial(translate, surroundings, config.zone, config.already_told),
        origin=_origin,
        compared=True,
    )


def _origin(record: Registration) -> str:
    return f"{record.file} #{record.number}"
