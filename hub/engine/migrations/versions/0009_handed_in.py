"""What others hand in over HTTP, until the connector it is for has carried it."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    """Create it."""
    op.create_table(
        "handed_in_head",
        sa.Column("connector", sa.Text, primary_key=True),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "handed_in",
        sa.Column("connector", sa.Text, primary_key=True),
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("handed_in_name", "handed_in", ["connector", "name"], unique=True)


def downgrade() -> None:
    """Drop it: what was handed in and not carried yet is lost, so let the connectors come to their end first."""
    op.drop_table("handed_in")
    op.drop_table("handed_in_head")
