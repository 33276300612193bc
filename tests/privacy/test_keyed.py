"""Keyed digests are HMAC-SHA256, whatever the length of key and text."""

import hmac

import pytest

from hub.privacy.keyed import Keyed


@pytest.mark.parametrize("size", [0, 1, 32, 63, 64, 65, 200])
def test_a_keyed_digest_is_the_hmac_of_its_text(size: int) -> None:
    key, text = bytes(range(size)), b"one text"
    keyed = Keyed(key)
    assert keyed.of(text).digest() == hmac.digest(key, text, "sha256")
    assert keyed.of(b"").digest() == hmac.digest(key, b"", "sha256"), "the text before leaves nothing behind"
