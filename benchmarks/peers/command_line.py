"""What every peer is told: where Kafka is, what to read, how much, under which group, where it may write."""

import argparse


def given(**defaults: str) -> argparse.Namespace:
    """The command line; every option is required that has no default here."""
    options = argparse.ArgumentParser()
    for name in ("bootstrap", "topic", "events", "group", "folder", "schema"):
        options.add_argument(f"--{name}", required=name not in defaults, default=defaults.get(name))
    return options.parse_args()
