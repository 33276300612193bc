"""The engine's own tables: who owns what, how far, what was told, what is to be sent, what could not be read."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

TEXT, INT, FLAG, BYTES = sa.Text, sa.BigInteger, sa.Boolean, sa.LargeBinary
# SQLite keeps instants as ISO text, as the row tables do; PostgreSQL as timestamptz.
INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")

Kind = type[sa.types.TypeEngine[Any]] | sa.types.TypeEngine[Any]

COUNTS = ("consumed", "applied", "duplicate", "dead", "parked", "skipped", "gap")


def _table(name: str, key: dict[str, Kind], rest: dict[str, Kind], optional: dict[str, Kind] | None = None) -> None:
    op.create_table(
        name,
        *(sa.Column(column, kind, primary_key=True, autoincrement=False) for column, kind in key.items()),
        *(sa.Column(column, kind, nullable=False) for column, kind in rest.items()),
        *(sa.Column(column, kind, nullable=True) for column, kind in (optional or {}).items()),
        sqlite_with_rowid=False,
    )


def upgrade() -> None:
    """Create them."""
    _views()
    _tellings()
    _heard()
    _waiting()
    _sources()


def _views() -> None:
    """Which views there are, who owns them, and how far they have read."""
    _table("instance", {"id": TEXT}, {"created_at": INSTANT})
    _table("projection_version", {"projection": TEXT, "version": INT}, {"fingerprint": TEXT, "state": TEXT, "created_at": INSTANT})
    _table("pointer", {"projection": TEXT, "partition": INT}, {"version": INT}, {"silent_until": INSTANT})
    _table("topic", {"name": TEXT}, {"topic_id": TEXT})
    _table(
        "owner",
        {"bundle": TEXT, "partition": INT},
        {"epoch": INT, "status": TEXT, "beat": INT},
        {"reason": TEXT, "clock": INSTANT, "holder": TEXT, "claimed_at": INSTANT},
    )
    _table(
        "inbox",
        {"reader": TEXT, "version": INT, "topic": TEXT, "partition": INT},
        {"bundle": TEXT, "next": INT, "held_until": INT, "retired": FLAG, **dict.fromkeys(COUNTS, INT)},
        {"topic_id": TEXT, "last_offset": INT, "last_crc": INT, "applied_at": INSTANT},
    )
    _table(
        "gap",
        {"reader": TEXT, "version": INT, "topic": TEXT, "partition": INT, "start": INT},
        {"stop": INT, "reason": TEXT, "accepted_at": INSTANT},
    )


def _tellings() -> None:
    """What was told to others, and what is on its way to them."""
    _table(
        "told",
        {"projection": TEXT, "partition": INT, "key": TEXT, "kind": TEXT, "about": TEXT},
        {"n": INT, "digest": TEXT, "event_id": TEXT, "standing": FLAG},
    )
    _table(
        "outbox", {"stream": TEXT, "seq": INT}, {"count": INT, "records": BYTES, "created_at": INSTANT}, {"sent": BYTES, "sent_at": INSTANT}
    )
    op.create_index(
        "outbox_unsent", "outbox", ["stream", "seq"], sqlite_where=sa.text("sent IS NULL"), postgresql_where=sa.text("sent IS NULL")
    )
    _table("lease", {"name": TEXT}, {"holder": TEXT, "epoch": INT, "until": INSTANT})
    _table(
        "takeover",
        {"projection": TEXT, "version": INT, "partition": INT, "key": TEXT, "kind": TEXT, "about": TEXT},
        {"action": TEXT, "released": FLAG},
    )


def _heard() -> None:
    """What a store brought back from a backup learned from the log of what was said since."""
    _table("heard", {"event_id": TEXT}, {})
    _table(
        "heard_telling",
        {"projection": TEXT, "partition": INT, "key": TEXT, "kind": TEXT, "about": TEXT, "n": INT},
        {"event_id": TEXT, "mark": TEXT},
    )


def _waiting() -> None:
    """What could not be taken in, and what waits behind it."""
    _table(
        "dead_letter",
        {"bundle": TEXT, "topic": TEXT, "partition": INT, "position": INT},
        {"key": BYTES, "code": TEXT, "detail": TEXT, "original": BYTES, "parks": FLAG, "state": TEXT, "recorded_at": INSTANT},
        {"reason": TEXT, "decided_by": TEXT},
    )
    _table(
        "parked",
        {"bundle": TEXT, "topic": TEXT, "partition": INT, "position": INT},
        {"key": BYTES, "original": BYTES, "recorded_at": INSTANT},
    )
    op.create_index("parked_key", "parked", ["bundle", "partition", "key"])
    _table("quarantine", {"connector": TEXT, "origin": TEXT}, {"code": TEXT, "fields": TEXT, "original": BYTES, "recorded_at": INSTANT})


def _sources() -> None:
    """How far each source has come, and what people and processes decided."""
    _table("cursor", {"connector": TEXT}, {"updated_at": INSTANT}, {"cursor": TEXT})
    _table("said", {"connector": TEXT, "local_id": TEXT}, {"n": INT, "digest": BYTES})
    _table("receipt", {"idempotency_key": TEXT}, {"digest": TEXT, "answer": TEXT, "recorded_at": INSTANT})
    _table("commanded", {"aggregate": TEXT, "key": TEXT, "n": INT}, {"event": BYTES, "recorded_at": INSTANT})
    _table("decision", {"process": TEXT, "n": INT}, {"position": INT, "event": BYTES})


def downgrade() -> None:
    """Drop them all: the topics are the record, and a new store is rebuilt from them."""
    for table in (
        "decision", "gap", "takeover", "commanded", "receipt", "quarantine", "said", "cursor", "parked", "dead_letter", "lease",
        "outbox", "told", "inbox", "owner", "heard", "heard_telling", "topic", "pointer", "projection_version", "instance",
    ):  # fmt: skip
        op.drop_table(table)
