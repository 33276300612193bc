"""Who may use the hub, who does now, and who looked at what: accounts, sessions, the record of access.

Instants are whole microseconds since 1970, alike in both databases and in what the record's chain covers.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

TEXT, INT, BYTES = sa.Text, sa.BigInteger, sa.LargeBinary

Kind = type[sa.types.TypeEngine[Any]] | sa.types.TypeEngine[Any]


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
    _people()
    _looks()


def _people() -> None:
    """Accounts, what ties each to parties, and who is signed in."""
    _table(
        "account",
        {"id": TEXT},
        {"name_digest": TEXT, "role": TEXT, "organisation": TEXT, "duties": TEXT, "failures": INT, "created_at": INT},
        {"name": TEXT, "team": TEXT, "secret": TEXT, "subject": TEXT, "token": TEXT, "failed_at": INT, "disabled_at": INT},
    )
    for column in ("name_digest", "subject", "token"):
        op.create_index(f"account_{column}", "account", [column], unique=True)
    _table("account_party", {"account": TEXT, "party": TEXT}, {"tie": TEXT, "how": TEXT, "decided_by": TEXT, "since": INT})
    op.create_index("account_party_party", "account_party", ["party"])
    _table(
        "web_session",
        {"digest": TEXT},
        {"account": TEXT, "csrf": TEXT, "created_at": INT, "seen_at": INT},
        {"purpose": TEXT, "outside": TEXT},
    )
    op.create_index("web_session_account", "web_session", ["account"])


def _looks() -> None:
    """The record of access, whom each entry is about, its newest link, and what somebody must still look into."""
    _table("access_record", {"n": INT}, {"at": INT, "kind": TEXT, "body": TEXT, "chain": BYTES}, {"words": BYTES})
    _table("access_subject", {"about": TEXT, "n": INT}, {})
    _table("access_head", {"name": TEXT}, {"n": INT, "chain": BYTES})
    _table("access_alert", {"n": INT}, {"raised_at": INT}, {"settled_at": INT, "settled_by": TEXT})


def downgrade() -> None:
    """Drop them all: who used the hub, and who looked at what, is then only in its backup."""
    for table in ("access_alert", "access_head", "access_subject", "access_record", "web_session", "account_party", "account"):
        op.drop_table(table)
