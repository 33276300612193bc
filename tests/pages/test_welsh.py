"""What a resident reads stands in the Welsh catalogue, every word of it."""

import re
from pathlib import Path

from babel.messages.pofile import read_po

import hub.web
from hub.telling import tasks
from hub.web.pages.life_events import FIELDS, KINDS
from hub.web.pages.person import LABELS

WEB = Path(hub.web.__file__).parent
RESIDENTS = ("held", "own_record", "own_life_events", "told_words")
"""The templates of the pages that residents see when they have signed in."""


def catalogue() -> dict[str, str]:
    with (WEB / "locale/cy/LC_MESSAGES/hub.po").open("rb") as file:
        return {str(each.id): str(each.string) for each in read_po(file, locale="cy") if each.id and each.string and not each.fuzzy}


def test_every_word_of_the_residents_pages_is_there_in_welsh() -> None:
    said = {words for name in RESIDENTS for words in re.findall(r'\b_\("([^"]+)"\)', (WEB / f"templates/{name}.html").read_text("utf-8"))}
    said |= set(LABELS.values()) | set(FIELDS.values()) | set(KINDS.values())
    assert said - catalogue().keys() == set()


def test_every_state_that_a_resident_is_told_of_is_there_in_welsh() -> None:
    named = [each for each in vars(tasks).values() if isinstance(each, tasks.Why)]
    listed = [each for found in (tasks._WITHHELD, tasks._REJECTED) for each in found.values()]
    assert {each.there for each in (*named, *listed)} - catalogue().keys() == set()
    assert set(tasks._DECIDED.values()) - catalogue().keys() == set()


def test_no_word_is_translated_twice() -> None:
    ids = re.findall(r'^msgid "(.+)"$', (WEB / "locale/cy/LC_MESSAGES/hub.po").read_text("utf-8"), re.MULTILINE)
    assert len(ids) == len(set(ids))
