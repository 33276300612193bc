"""Runs sources and sinks: what they say goes into the outbox together with how far they have come."""
