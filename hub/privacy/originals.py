"""The original bytes of records that could not be taken in, kept sealed: under the person's key where known, else under one that dies."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from hub.contracts.rejections import Rejection
from hub.model.errors import Rejected
from hub.privacy.boxes import ORIGINAL, Content, Place, close_boxes, open_boxes
from hub.privacy.keys import KeyStore
from hub.privacy.scope import KeyScope, record_scope

FIELD = "original"


@dataclass(frozen=True, slots=True, kw_only=True)
class Originals:
    """Seals and opens original bytes by their origin ("topic/partition/offset" or "connector/position"), for one controller."""

    keys: KeyStore
    controller: str
    now: Callable[[], datetime]

    def seal(self, original: bytes, origin: str, scope: KeyScope | None = None) -> bytes:
        """A box for these bytes; as `seal_all`, which is quicker for many."""
        return self.seal_all([(original, origin)], scope)[0]

    def seal_all(self, originals: Sequence[tuple[bytes, str]], scope: KeyScope | None = None) -> list[bytes]:
        """A box for each: under the scope's key where the person is known, else under a key of its own that dies after 30 days.

        The box is empty where the scope has a tombstone: nothing of an erased person is kept.
        """
        at = self.now()
        scopes = [scope or record_scope(self.controller, origin, at) for _, origin in originals]
        found = self.keys.keys_for(scopes)
        contents = [
            Content(self._place(origin), found[scope], original) for scope, (original, origin) in zip(scopes, originals, strict=True)
        ]
        return close_boxes(self.keys.instance, ORIGINAL, contents)

    def open(self, sealed: bytes, origin: str) -> bytes:
        """The original bytes; raises Rejected("erased") where their key is gone, Rejected("seal-broken") for a box of another origin."""
        (content,) = open_boxes(self.keys, ORIGINAL, [(self._place(origin), sealed)])
        if isinstance(content, bytes):
            return content
        raise Rejected(Rejection.ERASED)

    def _place(self, origin: str) -> Place:
        return Place(self.controller, origin, origin, FIELD)
