"""Signals about deaths: believed when the issuer signed them for us, once; refused in every other case."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson
import pytest
from joserfc import jws
from joserfc.jwk import ECKey, KeySet, OctKey

from connectors import load_source
from connectors.surroundings import PartyId, Surroundings
from hub.contracts.life_event_words import DatePrecision, DeathUpdateReason
from hub.contracts.life_events import DeathRegistered, DeathRegistrationUpdated
from hub.contracts.parties import PartyAsserted
from hub.model.errors import Misconfigured
from hub.model.personal import Plain
from tests.connectors.reading import NOW, RECORDINGS, Read, client, read_all

RECORDED = RECORDINGS / "life-events" / "one-login"
ISSUER, AUDIENCE = "https://life-events-platform.gov.uk.example", "https://hub.exampleton.example"
KEY, STRANGER = (ECKey.generate_key("P-256", {"kid": "issuer", "use": "sig"}) for _ in range(2))
NEXT = ECKey.generate_key("P-256", {"kid": "next", "use": "sig"})
SHARED = OctKey.generate_key(256, {"kid": "issuer"})
REGISTERED, UPDATED = (f"https://vocab.account.gov.uk/v1/{name}" for name in ("deathRegistered", "deathRegistrationUpdated"))
CONFIG = f"""
kind: one_login_signals
name: one-login
system: one-login
controller: exampleshire
organisation: exampleshire
folder: signals
settle_seconds: 0
issuer: {ISSUER}
audience: {AUDIENCE}
keys: keys.json
"""


def recorded(name: str = "death-registered", **more: Any) -> dict[str, Any]:
    claims: dict[str, Any] = json.loads((RECORDED / f"govuk_onelogin_{name}.json").read_text())
    return claims | {"iat": int(NOW.timestamp()), "aud": AUDIENCE} | more


def signed(claims: Mapping[str, Any], key: Any = KEY, typ: str = "secevent+jwt", alg: str = "ES256") -> str:
    return jws.serialize_compact({"alg": alg, "typ": typ, "kid": key.kid}, orjson.dumps(claims), key, algorithms=[alg])


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "signals").mkdir()
    (tmp_path / "signals.yaml").write_text(CONFIG)
    (tmp_path / "keys.json").write_text(json.dumps(KeySet([KEY]).as_dict(private=False)))
    return tmp_path


async def read(place: Path, *tokens: str, cursor: str | None = None) -> Read:
    for number, token in enumerate(tokens, 1):
        (place / "signals" / f"{number}.jwt").write_text(token)
    async with client() as http:
        around = Surroundings(http=http, folder=place, now=lambda: NOW, party_id=lambda system, ref: PartyId(f"{system}:{ref}", 1))
        return await read_all(load_source(place / "signals.yaml", around).source, cursor)


def codes(found: Read) -> list[str]:
    return [bad.code for bad in found.bad] + [refused.code for refused in found.refused]


async def test_a_signal_says_who_died_and_meets_the_registrars_own_record(place: Path) -> None:
    found = await read(place, signed(recorded()))
    (death,) = found.events(DeathRegistered)
    assert (death.life_event_id, death.subject, death.origin) == ("gro/death:123456", "gro:123456", "gro")
    assert death.occurred_at.isoformat() == "1989-08-10T10:22:04+00:00"
    assert (death.died, death.death_precision, death.born) == (Plain("1989-07"), DatePrecision.MONTH, Plain("1989-07-06"))
    assert death.died_as_said == Plain(
        "Deceased found on 3 August 1989; Unknown due to mortuary error but some time in July 1989"
    )  # fmt: skip
    assert found.count() == {"PartyAsserted": 1, "DeathRegistered": 1}


async def test_every_name_and_the_home_are_kept(place: Path) -> None:
    (person,) = (await read(place, signed(recorded()))).events(PartyAsserted)
    assert isinstance(person.names, Plain)
    assert isinstance(person.addresses, Plain)
    assert [(each["type"], each["surname"]) for each in orjson.loads(person.names.text)] == [
        ("CURRENT", "Rogers"), ("ALIAS", "Smith"), ("BIRTH", "Molone"),
    ]  # fmt: skip
    assert orjson.loads(person.addresses.text) == [{"type": "HOME", "text": "Flat 4, 5 Mystery Street, Coolsville", "postcode": "M15 7"}]


async def test_a_change_says_why(place: Path) -> None:
    (changed,) = (await read(place, signed(recorded("death-registration-updated")))).events(DeathRegistrationUpdated)
    assert changed.reason is DeathUpdateReason.FORMAL_CORRECTION


async def test_a_cancelled_registration_leaves_nobody_dead(place: Path) -> None:
    claims = recorded("death-registration-updated")
    claims["events"][UPDATED]["deathRegistrationUpdateReason"] = "cancelled"
    (person,) = (await read(place, signed(claims))).events(PartyAsserted)
    assert person.died is None


UNSIGNED = "eyJhbGciOiJub25lIn0.e30."


@pytest.mark.parametrize(
    ("token", "code"),
    [
        (signed(recorded(), STRANGER), "signal-not-signed"),
        (signed(recorded(), SHARED, alg="HS256"), "signal-not-signed"),
        (signed(recorded())[:-4] + "AAAA", "signal-not-signed"),
        (UNSIGNED, "signal-not-signed"),
        ("not a token", "signal-not-signed"),
        (signed(recorded(), typ="JWT"), "signal-malformed"),
        (signed(recorded(jti="")), "signal-malformed"),
        (signed(recorded(exp=1)), "signal-malformed"),
        (signed(recorded(events={})), "signal-malformed"),
        (signed(recorded(iat="today")), "signal-malformed"),
        (signed(recorded(iss="https://elsewhere.example")), "signal-not-for-us"),
        (signed(recorded(aud=["https://elsewhere.example"])), "signal-not-for-us"),
        (signed(recorded(iat=int(NOW.timestamp()) - 31 * 86_400)), "signal-out-of-time"),
        (signed(recorded(iat=int(NOW.timestamp()) + 301)), "signal-out-of-time"),
        (signed(recorded(toe=618747725)), "signal-malformed"),
        (signed(recorded(events={"https://vocab.account.gov.uk/v1/somethingElse": {}})), "signal-unknown-event"),
        (signed(recorded(events={REGISTERED: {"subject": {}}})), "signal-malformed"),
    ],
)
async def test_what_is_not_to_be_believed_is_refused_and_says_nothing(place: Path, token: str, code: str) -> None:
    found = await read(place, token)
    assert (codes(found), found.said) == ([code], [])


@pytest.mark.parametrize(
    ("claim", "value"),
    [("deathRegistration", "urn:fdc:elsewhere:1"), ("deathDate", {"value": "1989-13"}), ("deathRegistrationTime", "1989-08-10T10:22:04")],
)
async def test_a_claim_of_another_shape_is_named_and_not_told(place: Path, claim: str, value: Any) -> None:
    claims = recorded()
    claims["events"][REGISTERED][claim] = value
    (refused,) = (await read(place, signed(claims))).refused
    assert (refused.code, refused.fields) == ("signal-malformed", (claim,))


async def test_a_token_that_comes_again_is_no_news(place: Path) -> None:
    token = signed(recorded())
    found = await read(place, token, token)
    assert (len(found.records), codes(found)) == (1, [])
    shutil.copy(place / "signals" / "1.jwt", place / "signals" / "3.jwt")
    again = await read(place, cursor=found.cursor)
    assert (again.records, codes(again)) == ([], [])


async def test_another_token_under_an_id_that_was_used_is_refused(place: Path) -> None:
    found = await read(place, signed(recorded()), signed(recorded("death-registration-updated", jti=recorded()["jti"])))
    assert (len(found.records), codes(found)) == (1, ["signal-replayed"])


async def test_a_new_key_of_the_issuers_needs_no_restart(place: Path) -> None:
    first = await read(place, signed(recorded(), NEXT))
    (place / "keys.json").write_text(json.dumps(KeySet([KEY, NEXT]).as_dict(private=False)))
    (place / "signals" / "2.jwt").write_text(signed(recorded(), NEXT))
    assert len((await read(place, cursor=first.cursor)).records) == 1


async def test_keys_that_cannot_be_read_are_said_before_anything_is_believed(place: Path) -> None:
    (place / "keys.json").write_text("{}")
    with pytest.raises(Misconfigured, match="is no JWK set"):
        await read(place, signed(recorded()))
    (place / "keys.json").unlink()
    with pytest.raises(Misconfigured, match="cannot be read"):
        await read(place)


async def test_a_cursor_that_cannot_be_read_loses_nothing(place: Path) -> None:
    assert len((await read(place, signed(recorded()), cursor="not a cursor")).records) == 1
