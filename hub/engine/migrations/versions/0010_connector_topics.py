"""Which topics a connector has written to."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Create it."""
    op.create_table(
        "connector_topic",
        sa.Column("connector", sa.Text, primary_key=True),
        sa.Column("topic", sa.Text, primary_key=True),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop it: it is noted anew with the next records."""
    op.drop_table("connector_topic")
