"""Rows, whatever brings them: files, tables, posts, streams. What they tell of is one of four: requests, facts, people, parts."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from functools import partial

from connectors.rows.facts import FactRows, fact_readings, translate_fact
from connectors.rows.mapping import RequestRows, Row, Rows, origin
from connectors.rows.participants import PartRows, part_readings, translate_part
from connectors.rows.people import PeopleRows
from connectors.rows.people_facts import absent_person, party_of, person_readings, translate_person
from connectors.rows.requests import readings, translate
from connectors.surroundings import Surroundings
from hub.model.connector import Page, Said, Source

__all__ = ["MEANINGS", "FactRows", "PartRows", "PeopleRows", "RequestRows", "Row", "Rows", "row_source"]

Poll = Callable[[str | None], Awaitable[Page]]
MEANINGS: Mapping[str, type[Rows]] = {"requests": RequestRows, "facts": FactRows, "people": PeopleRows, "participants": PartRows}
"""What rows can tell of."""


def row_source(config: Rows, surroundings: Surroundings, poll: Poll) -> Source:
    """The source whose pages `poll` brings and whose rows mean what `config` declares."""
    if isinstance(config, PeopleRows):
        return _people_source(config, surroundings, poll)
    return Source(
        name=config.name,
        system=config.system,
        controller=config.controller,
        poll=poll,
        translate=_translate(config, surroundings),
        origin=origin,
    )


def _translate(config: Rows, surroundings: Surroundings) -> Callable[[Row], Iterable[Said]]:
    if isinstance(config, RequestRows):
        return partial(translate, readings(config))
    if isinstance(config, FactRows):
        return partial(translate_fact, fact_readings(config))
    if isinstance(config, PartRows):
        return partial(translate_part, part_readings(config, surroundings))
    raise TypeError(type(config).__name__)


def _people_source(config: PeopleRows, surroundings: Surroundings, poll: Poll) -> Source:
    ready = person_readings(config, surroundings)
    return Source(
        name=config.name,
        system=config.system,
        controller=config.controller,
        poll=poll,
        translate=partial(translate_person, ready),
        origin=origin,
        absent=partial(absent_person, config) if config.holds_all() else None,
        absent_at_most=config.absent_at_most,
        compared=config.match_domain == "general",
        party=partial(party_of, ready),
    )
