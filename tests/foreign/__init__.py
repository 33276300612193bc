"""Programs that are not the hub's read its topics: other languages, other libraries."""
