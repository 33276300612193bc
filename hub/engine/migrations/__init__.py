"""The store's schema, version by version: `upgrade` brings a store to this release's, `downgrade` is the way back."""

from pathlib import Path

from alembic import command
from alembic.config import Config


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["url"] = url
    return config


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the store at this SQLAlchemy URL to `revision`."""
    command.upgrade(_config(url), revision)


def downgrade(url: str, revision: str) -> None:
    """Take the store back to `revision`; what that revision did not know is dropped."""
    command.downgrade(_config(url), revision)
