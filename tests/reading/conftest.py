"""A hub on each store in turn."""

from tests.engine_harness import engine, store_dsn

__all__ = ["engine", "store_dsn"]
