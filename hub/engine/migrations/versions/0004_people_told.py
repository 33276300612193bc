"""What complete snapshots of people held, and which absences a person accepted."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

TEXT = sa.Text
INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")

Kind = type[sa.types.TypeEngine[Any]] | sa.types.TypeEngine[Any]


def _table(name: str, key: dict[str, Kind], rest: dict[str, Kind]) -> None:
    op.create_table(
        name,
        *(sa.Column(column, kind, primary_key=True, autoincrement=False) for column, kind in key.items()),
        *(sa.Column(column, kind, nullable=False) for column, kind in rest.items()),
        sqlite_with_rowid=False,
    )


def upgrade() -> None:
    """Create them."""
    _table("present", {"connector": TEXT, "local_id": TEXT}, {"snapshot": TEXT})
    _table("accepted_absence", {"connector": TEXT, "snapshot": TEXT}, {"reason": TEXT, "accepted_at": INSTANT})


def downgrade() -> None:
    """Drop them; the next complete snapshot fills them again."""
    for table in ("accepted_absence", "present"):
        op.drop_table(table)
