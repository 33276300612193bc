"""The data files that travel with the program: contracts, policies, the lock of the Kafka jars."""

from pathlib import Path


def shipped(name: str) -> Path:
    """Where `schemas`, `policies` or `deploy/kafka` stand: in the checkout this runs from, else beside the installed package."""
    root = Path(__file__).resolve().parents[1]
    return root / name if (root / "pyproject.toml").is_file() else root / "foss_hub_data" / name
