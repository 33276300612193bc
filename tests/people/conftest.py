"""An engine on each store, for sources and projections of people."""

from tests.engine_harness import engine, store_dsn

__all__ = ["engine", "store_dsn"]
