"""When is something due, and why then? Pure: time, calendars and policies come in as values."""
