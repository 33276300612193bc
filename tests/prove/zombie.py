"""Workers frozen past their session, also inside a transaction, and thawed while the new owner works; partitions that wander."""
