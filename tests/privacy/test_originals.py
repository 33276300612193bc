from datetime import UTC, date, datetime

import pytest

from hub.model.errors import Rejected
from hub.privacy.keys import KeyStore
from hub.privacy.originals import Originals
from hub.privacy.scope import EVERY_BUCKET, KeyScope, ended

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
PARTY = KeyScope("tameside", "party-1", "service-request", 2032)
ORIGIN = "cases/3/1207"


def originals(keys: KeyStore) -> Originals:
    return Originals(keys=keys, controller="tameside", now=lambda: NOON)


def test_the_bytes_of_a_bad_record_come_back_as_they_were(keys: KeyStore) -> None:
    sealed = originals(keys).seal(b"\x00\xffbad\x00", ORIGIN)
    assert b"bad" not in sealed
    assert originals(keys).open(sealed, ORIGIN) == b"\x00\xffbad\x00"


def test_they_open_for_no_other_origin(sqlite: KeyStore) -> None:
    sealed = originals(sqlite).seal(b"bad", ORIGIN)
    with pytest.raises(Rejected, match="seal-broken"):
        originals(sqlite).open(sealed, "cases/3/1208")


def test_each_record_has_a_key_of_its_own_that_dies_after_thirty_days(sqlite: KeyStore) -> None:
    first, second = originals(sqlite).seal_all([(b"bad", ORIGIN), (b"worse", "cases/3/1208")])
    assert first[1:17] != second[1:17]
    assert not ended(sqlite.live_scopes(), date(2026, 4, 1))
    sqlite.tombstone(ended(sqlite.live_scopes(), date(2026, 4, 2)))
    for sealed, origin in ((first, ORIGIN), (second, "cases/3/1208")):
        with pytest.raises(Rejected, match="erased"):
            originals(sqlite).open(sealed, origin)


def test_a_known_persons_record_dies_with_the_person(sqlite: KeyStore) -> None:
    sealed = originals(sqlite).seal(b"bad", ORIGIN, PARTY)
    assert originals(sqlite).open(sealed, ORIGIN) == b"bad"
    sqlite.tombstone([PARTY._replace(bucket=EVERY_BUCKET)])
    with pytest.raises(Rejected, match="erased"):
        originals(sqlite).open(sealed, ORIGIN)


def test_nothing_is_kept_of_a_person_erased_before(sqlite: KeyStore) -> None:
    sqlite.tombstone([PARTY])
    assert originals(sqlite).seal(b"bad", ORIGIN, PARTY) == b""
    with pytest.raises(Rejected, match="erased"):
        originals(sqlite).open(b"", ORIGIN)
