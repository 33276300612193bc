"""A full disk under the broker, under SQLite, under PostgreSQL."""
