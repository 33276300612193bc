"""Which proofs there are, and which of them catches the loss of which guard."""

from collections.abc import Mapping
from importlib import import_module

from hub.engine.failpoints import NAMES as FAILPOINTS
from tests.prove.proving import Prove

__all__ = ["FAILPOINTS", "GUARDS", "PROOFS", "proof"]

PROOFS: Mapping[str, str] = {
    "access": "access",
    "acl": "acl",
    "clocks": "clocks",
    "connectors": "connectors",
    "crash": "crash",
    "disk": "disk",
    "domains": "domains",
    "duplicates": "duplicates",
    "erasure": "erasure",
    "file-drops": "file_drops",
    "insight": "insight",
    "leak": "leak",
    "minimisation": "minimisation",
    "offsets": "offsets",
    "order": "order",
    "poison": "poison",
    "rebuild": "rebuild",
    "requests": "requests",
    "service-levels": "service_levels",
    "tail-loss": "tail_loss",
    "tell-us-once": "tell_us_once",
    "undo": "undo",
    "zombie": "zombie",
}
"""Each proof and the module that holds it."""

GUARDS: Mapping[str, str] = {
    "inbox": "duplicates",
    "told": "duplicates",
    "holes": "duplicates",
    "broker-time": "order",
    "parking": "poison",
    "strict-decoding": "poison",
    "fencing": "zombie",
    "claim": "zombie",
    "ack-before-commit": "crash",
    "effects-before-commit": "crash",
    "leases": "connectors",
    "same-log": "offsets",
    "reconcile": "tail-loss",
}
"""Each guard and the proof that breaks without it."""


def proof(name: str) -> Prove:
    """The proof of this name."""
    prove: Prove = import_module(f"tests.prove.{PROOFS[name]}").prove
    return prove
