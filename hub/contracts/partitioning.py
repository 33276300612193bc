"""Which partition a key belongs to: murmur2, as Kafka's own default partitioner reckons it."""

from functools import lru_cache
from struct import unpack_from

_SEED = 0x9747B28C
_MIX = 0x5BD1E995
_WORD = 0xFFFFFFFF
_POSITIVE = 0x7FFFFFFF


def murmur2(key: bytes) -> int:
    """The 32-bit murmur2 hash of the key, as org.apache.kafka.common.utils.Utils.murmur2 has it (unsigned)."""
    length = len(key)
    words = length >> 2
    value = _SEED ^ length
    for word in unpack_from(f"<{words}I", key):
        mixed = word * _MIX & _WORD
        mixed = (mixed ^ mixed >> 24) * _MIX & _WORD
        value = value * _MIX & _WORD ^ mixed
    if length & 3:
        value = (value ^ int.from_bytes(key[words << 2 :], "little")) * _MIX & _WORD
    value = (value ^ value >> 13) * _MIX & _WORD
    return value ^ value >> 15


@lru_cache(maxsize=1 << 16)
def partition_of(key: str | bytes, count: int) -> int:
    """The partition, 0 up to count - 1, in which every record of this key lies; text keys are UTF-8 (remembers the last 65,536 keys)."""
    return (murmur2(key.encode() if isinstance(key, str) else key) & _POSITIVE) % count
