from datetime import UTC, datetime, timedelta, timezone
from uuid import RFC_4122, UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.privacy.framing import framed
from hub.privacy.ids import IdMaker, derived_id

SECRET = bytes(range(32))
IDS = IdMaker(SECRET)
said = st.text(st.characters(), max_size=12)
triples = st.tuples(said, said, said)


def test_the_same_fact_has_the_same_id_on_every_machine_and_for_ever() -> None:
    # the vectors were made with `openssl dgst -sha256`, over 15:open311-chicago18:1-870704831/closed1:3 and so on
    assert IDS.of("open311-chicago", "1-870704831/closed", "3") == "8c4836c8-3a18-89eb-8e92-a9fca843419d"
    assert IDS.of("csv-la", "", "") == "590396db-08a8-8e9d-b2fe-fa434ee1ab2a"
    assert derived_id("who_owns_it", "transferred", "case-1", 1) == "4a008c6b-949f-8e08-b871-d2af50bee675"


@given(triples)
def test_an_id_is_a_uuid_of_version_8(parts: tuple[str, str, str]) -> None:
    for text in (IDS.of(*parts), derived_id(*parts)):
        made = UUID(text)
        assert (made.version, made.variant, str(made)) == (8, RFC_4122, text)


@given(st.lists(said, max_size=4), st.lists(said, max_size=4))
def test_different_parts_are_never_framed_alike(one: list[str], other: list[str]) -> None:
    assert (framed(*one) == framed(*other)) == (one == other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("a|b", "c", ""), ("a", "b|c", "")),
        (("1", "2:a", ""), ("1:2", "a", "")),
        (("a", "b", ""), ("a", "", "b")),
        (("", "1:a", ""), ("1:a", "", "")),
        (("source", "7", "12"), ("source", "71", "2")),
    ],
)
def test_where_one_part_ends_and_the_next_begins_is_part_of_the_id(one: tuple[str, str, str], other: tuple[str, str, str]) -> None:
    assert IDS.of(*one) != IDS.of(*other)
    assert derived_id(*one) != derived_id(*other)


@given(triples)
def test_another_hub_makes_other_ids_of_the_same_records(parts: tuple[str, str, str]) -> None:
    assert IdMaker(b"another hub's secret of 32 bytes").of(*parts) != IDS.of(*parts) != derived_id(*parts)


def test_a_number_an_instant_and_their_texts_are_different_things() -> None:
    noon = datetime(2026, 3, 29, 12, tzinfo=UTC)
    assert len({derived_id(1), derived_id("1"), derived_id(noon), derived_id(noon.isoformat())}) == 4


def test_one_instant_has_one_id_whatever_zone_it_is_told_in() -> None:
    noon = datetime(2026, 3, 29, 12, tzinfo=UTC)
    assert derived_id(noon) == derived_id(noon.astimezone(timezone(timedelta(hours=1))))


def test_a_time_without_a_zone_makes_no_id() -> None:
    with pytest.raises(ValueError, match="no instant"):
        derived_id(datetime(2026, 3, 29, 12))  # noqa: DTZ001 - the mistake this is about


def test_a_source_that_sends_half_a_character_gets_an_id_too() -> None:
    assert IDS.of("csv", "\ud83d", "1") != IDS.of("csv", "\ud83e", "1")


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        IdMaker(SECRET[:31])


def test_the_secret_is_in_no_repr() -> None:
    assert "IdMaker object" in repr(IDS)
