"""The store's schema, version by version: `upgrade` brings a store to this release's, `downgrade` is the way back."""

from pathlib import Path
from typing import TYPE_CHECKING

from hub.engine.store import Store
from hub.model.errors import Misconfigured, Unavailable

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0010"
"""The revision that this release reads and writes."""

_THERE = {
    "sqlite": "SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'",
    "postgresql": "SELECT 1 WHERE to_regclass('alembic_version') IS NOT NULL",
}


def check(store: Store) -> None:
    """Raise Misconfigured if the store's schema is not this release's, Unavailable if it does not answer."""
    with store.read() as tx:
        found = tx.rows("SELECT version_num FROM alembic_version") if tx.rows(_THERE[store.dialect]) else []
    if not found:
        raise Misconfigured("store", "is empty", "`hub init` makes a new hub, `hub restore` brings a backup back")
    if found != [(HEAD,)]:
        raise Misconfigured(
            "store", f"has the schema of revision {found[0][0]}, this release has {HEAD}", "take a backup, then: hub upgrade"
        )


def upgrade(url: str, revision: str = HEAD) -> None:
    """Bring the store at this SQLAlchemy URL to `revision`; raises Unavailable, or Misconfigured for a revision nobody knows."""
    _move(url, revision, back=False)


def downgrade(url: str, revision: str) -> None:
    """Take the store back to `revision`; what that revision did not know is dropped. Raises as `upgrade`."""
    _move(url, revision, back=True)


def _move(url: str, revision: str, *, back: bool) -> None:
    from alembic import command  # noqa: PLC0415 - a second to import, which few commands need
    from alembic.util import CommandError  # noqa: PLC0415 - as above
    from sqlalchemy.exc import OperationalError  # noqa: PLC0415 - as above

    try:
        (command.downgrade if back else command.upgrade)(_config(url), revision)
    except CommandError as error:
        raise Misconfigured(f"revision {revision}", str(error)) from None
    except OperationalError as error:
        raise Unavailable(f"store: {type(error.orig).__name__}") from error


def _config(url: str) -> "Config":
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["url"] = url
    return config
