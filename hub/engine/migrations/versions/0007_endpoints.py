"""How partners' endpoints are doing, and when each is asked again."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    """Create it."""
    op.create_table(
        "endpoint",
        sa.Column("agreement", sa.Text, primary_key=True),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("since", INSTANT, nullable=True),
        sa.Column("failed", sa.Integer, nullable=False),
        sa.Column("next_at", INSTANT, nullable=True),
        sa.Column("why", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop it: every endpoint is asked again at once."""
    op.drop_table("endpoint")
