"""One record in a hundred cannot be read: its key waits, the others flow; the breaker trips, a release mends, people redrive and skip."""
