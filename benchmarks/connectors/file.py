"""The file that is taken in: a fictitious council's service requests, the same bytes for every number of lines."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

HEADER = "id,opened,updated,channel,service,status,due,ward,note"
SERVICES = ("Missed bin", "Pothole", "Street light out", "Fly-tipping", "Graffiti")
CHANNELS = ("Phone", "Web")
BEGIN = datetime(2026, 3, 2, 9, tzinfo=UTC)


def written(path: Path, lines: int) -> Path:
    """The file with a header and so many rows."""
    rows = (_row(number) for number in range(lines))
    path.write_text("\n".join((HEADER, *rows)) + "\n", encoding="utf-8")
    return path


def _row(number: int) -> str:
    opened = BEGIN + timedelta(seconds=7 * number)
    at, due = f"{opened:%d/%m/%Y %H:%M}", f"{opened + timedelta(days=5):%d/%m/%Y %H:%M}"
    return f"R{number},{at},{at},{CHANNELS[number % 2]},{SERVICES[number % 5]},Open,{due},Ward {number % 20},Outside number {number % 90}"
