"""CSV files that a council drops into a folder: each row a service request, or what a system knows of a person, as it stood then."""

from functools import partial

from connectors.csv_drop.facts import CsvFacts, fact_readings, translate_fact
from connectors.csv_drop.folder import origin, poll
from connectors.csv_drop.mapping import CsvDrop
from connectors.csv_drop.participants import CsvParticipants, part_readings, translate_part
from connectors.csv_drop.people import CsvPeople
from connectors.csv_drop.people_rows import absent_person, party_of, person_readings, translate_person
from connectors.csv_drop.rows import readings, translate
from connectors.surroundings import Surroundings
from hub.model.connector import Source

__all__ = ["CsvDrop", "CsvFacts", "CsvParticipants", "CsvPeople", "facts_source", "participants_source", "people_source", "source"]


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


def people_source(config: CsvPeople, surroundings: Surroundings) -> Source:
    """The source that `config` describes, of people or organisations."""
    ready = person_readings(config, surroundings)
    return Source(
        name=config.name,
        system=config.system,
        controller=config.controller,
        poll=partial(poll, config, surroundings),
        translate=partial(translate_person, ready),
        origin=origin,
        absent=partial(absent_person, config) if config.complete else None,
        absent_at_most=config.absent_at_most,
        compared=config.match_domain == "general",
        party=partial(party_of, ready),
    )


def participants_source(config: CsvParticipants, surroundings: Surroundings) -> Source:
    """The source that `config` describes, of who took part in what."""
    return Source(
        name=config.name,
        system=config.system,
        controller=config.controller,
        poll=partial(poll, config, surroundings),
        translate=partial(translate_part, part_readings(config, surroundings)),
        origin=origin,
    )


def facts_source(config: CsvFacts, surroundings: Surroundings) -> Source:
    """The source that `config` describes, of facts in the hub's own words."""
    return Source(
        name=config.name,
        system=config.system,
        controller=config.controller,
        poll=partial(poll, config, surroundings),
        translate=partial(translate_fact, fact_readings(config)),
        origin=origin,
    )
