"""What the single view and its search are read from, and who was erased: followers of the logs of people write them, in log order.

Everything here but `erased` is made from the logs again where it is lost: a follower without a position begins anew.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

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
    _table("follower", {"name": TEXT, "topic": TEXT, "partition": INT}, {"next": INT})
    _table("search_term", {"controller": TEXT, "kind": TEXT, "token": BYTES, "party": TEXT}, {})
    op.create_index("search_term_party", "search_term", ["party"])
    _table("party_event", {"party": TEXT, "topic": TEXT, "position": INT}, {"recorded_at": INT, "event": BYTES})
    _table("party_link", {"party": TEXT, "since": INT, "position": INT}, {"customer": TEXT, "event_id": TEXT}, {"until": INT})
    op.create_index("party_link_customer", "party_link", ["customer"])
    _table("customer_redirect", {"customer": TEXT}, {"kept": TEXT, "at": INT})
    _table(
        "erased", {"party": TEXT}, {"controller": TEXT, "generation": INT, "at": INT, "late": INT, "request_id": TEXT}, {"successor": TEXT}
    )


def downgrade() -> None:
    """Drop them all; what was erased stays erased, because the key store's tombstones stand."""
    for table in ("erased", "customer_redirect", "party_link", "party_event", "search_term", "follower"):
        op.drop_table(table)
