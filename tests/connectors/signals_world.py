"""Security event tokens in a folder, signed by a key that the issuer publishes."""

import json
from pathlib import Path

import orjson
from joserfc import jws
from joserfc.jwk import ECKey, KeySet

from tests.connectors.reading import NOW, RECORDINGS
from tests.connectors.worlds import FolderWorld

ISSUER, AUDIENCE = "https://life-events-platform.gov.uk.example", "https://hub.exampleton.example"


class SignalsWorld(FolderWorld):
    """The two recorded signals, and one whose signature is somebody else's."""

    def __init__(self, folder: Path) -> None:
        key, stranger = (ECKey.generate_key("P-256", {"kid": "issuer", "use": "sig"}) for _ in range(2))
        (folder / "keys.json").write_text(json.dumps(KeySet([key]).as_dict(private=False)))
        recorded = sorted((RECORDINGS / "life-events" / "one-login").glob("*.json"))
        files = {f"{path.stem}.jwt": _signed(path, key) for path in recorded}
        settings = {"kind": "one_login_signals", "issuer": ISSUER, "audience": AUDIENCE, "keys": "keys.json"}
        super().__init__(folder, settings, files, ("zz.jwt", _signed(recorded[0], stranger)), "1954", "Smith")


def _signed(path: Path, key: ECKey) -> bytes:
    claims = json.loads(path.read_text()) | {"jti": path.stem, "iat": int(NOW.timestamp()) - 400_000, "aud": AUDIENCE}
    head = {"alg": "ES256", "typ": "secevent+jwt", "kid": "issuer"}
    return jws.serialize_compact(head, orjson.dumps(claims), key, algorithms=["ES256"]).encode()
