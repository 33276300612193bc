"""The real servers that tests run against: each taken from where it is found first, and named with its version."""
