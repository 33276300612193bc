"""What a log no longer holds may stay missing only if a person says so, and why; it is counted, and never guessed."""

from hub.engine import ownership
from hub.engine.rows import time_in
from hub.engine.store import Store


def accept(store: Store, topic: str, partition: int, first: int, reason: str) -> int:
    """Let every reader that stands before `first`, the first record the log still has, go on from there; gives how many there were.

    What was left out is recorded with its reason and counted as gap; a partition that stopped for it runs again.
    """
    with store.write() as tx:
        behind = tx.rows(
            "SELECT reader, version, next, bundle FROM inbox WHERE topic = ? AND partition = ? AND NOT retired AND next < ?",
            (topic, partition, first),
        )
        at = time_in(store.dialect)(tx.now())
        for reader, version, start, bundle in behind:
            tx.run(
                "INSERT INTO gap (reader, version, topic, partition, start, stop, reason, accepted_at) VALUES (?,?,?,?,?,?,?,?)",
                (reader, version, topic, partition, start, first, reason, at),
            )
            tx.run(
                "UPDATE inbox SET next = ?, gap = gap + ?, consumed = consumed + ?, last_offset = NULL, last_crc = NULL"
                " WHERE reader = ? AND version = ? AND topic = ? AND partition = ?",
                (first, first - start, first - start, reader, version, topic, partition),
            )
            ownership.resume_mended(tx, bundle, partition)
    return len(behind)
