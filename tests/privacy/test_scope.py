from datetime import UTC, date, datetime

import pytest

from hub.privacy.scope import EVERY_BUCKET, EVERY_OWNER, FOR_EVER, ONE_RECORD, KeyScope, ended, record_scope, scope_of, year_bucket
from tests.privacy.world import REGISTER, noted, opened


def test_free_text_belongs_to_the_party_that_the_event_names() -> None:
    assert scope_of(opened(subject="party-1"), "description", REGISTER) == KeyScope("tameside", "party-1", "service-request", 2032)


def test_free_text_of_an_anonymous_event_belongs_to_its_record() -> None:
    assert scope_of(opened(subject=None), "description", REGISTER).owner == "case-1"


def test_a_field_without_a_person_belongs_to_its_record() -> None:
    assert scope_of(noted(), "notes", REGISTER).owner == "case-1"


@pytest.mark.parametrize(("years", "bucket"), [(0, 2026), (6, 2032), (100, 2126), (9000, FOR_EVER), (None, FOR_EVER)])
def test_the_bucket_is_the_year_in_which_retention_ends(years: int | None, bucket: int) -> None:
    assert year_bucket(datetime(2026, 12, 31, 23, 59, tzinfo=UTC), years) == bucket


def test_retention_ends_a_period_for_every_owner_and_only_when_it_is_over() -> None:
    kept = [KeyScope("tameside", owner, "service-request", year) for owner in ("p1", "p2") for year in (2024, 2025, FOR_EVER)]
    assert ended(kept, date(2025, 12, 31)) == {KeyScope("tameside", EVERY_OWNER, "service-request", 2024)}
    assert {scope.bucket for scope in ended(kept, date(2026, 1, 1))} == {2024, 2025}


def test_an_unknown_persons_record_dies_30_days_after_it_came() -> None:
    scope = record_scope("tameside", "open311/7", datetime(2026, 1, 30, 23, 30, tzinfo=UTC))
    assert scope == KeyScope("tameside", "open311/7", ONE_RECORD, 20260301)
    assert not ended([scope], date(2026, 3, 1))
    assert ended([scope], date(2026, 3, 2)) == {scope._replace(owner=EVERY_OWNER)}


def test_the_erasure_of_a_whole_class_is_not_a_period_that_ends() -> None:
    assert not ended([KeyScope("tameside", "p1", "service-request", EVERY_BUCKET)], date(2100, 1, 1))
