"""Ids that say nothing, keys that can be destroyed, personal values that are sealed from the first event."""
