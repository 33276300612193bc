"""Charts as inline SVG: shapes only, no script and no style; the table beside each says the same in numbers."""

from collections.abc import Sequence
from typing import NamedTuple

WIDTH, HEIGHT, LEFT, TOP, ROOM = 640, 220, 8, 12, 150


class Bar(NamedTuple):
    """One bar: where it lies, how long it is, what stands beside it."""

    label: str
    shown: str
    y: float
    width: float


class Point(NamedTuple):
    """One point of a line."""

    label: str
    shown: str
    x: float
    y: float


class Line(NamedTuple):
    """A line over time: its points, and each part in which nothing is missing as SVG coordinates."""

    points: tuple[Point, ...]
    parts: tuple[str, ...]


Value = tuple[str, float | None]


def bars(values: Sequence[Value]) -> tuple[Bar, ...]:
    """A bar for each value, the longest as wide as there is room; one that is hidden has none."""
    most = max((abs(value) for _, value in values if value), default=0.0) or 1.0
    room = WIDTH - ROOM - 90
    return tuple(
        Bar(label, "" if value is None else f"{value:g}", TOP + 28 * at, round(room * abs(value or 0) / most, 1))
        for at, (label, value) in enumerate(values)
    )


def line(values: Sequence[Value], most: float = 100.0) -> Line:
    """A line over the values from nought to `most`, broken where one is missing."""
    top = max([most, *(value for _, value in values if value is not None)]) or 1.0
    step = (WIDTH - 2 * 30) / max(1, len(values) - 1)
    points = [
        None if value is None else Point(label, f"{value:g}", round(30 + step * at, 1), round(HEIGHT - 30 - (HEIGHT - 60) * value / top, 1))
        for at, (label, value) in enumerate(values)
    ]
    parts, part = list[str](), list[str]()
    for point in [*points, None]:
        if point is not None:
            part.append(f"{point.x},{point.y}")
        elif part:
            parts.append(" ".join(part))
            part = []
    return Line(tuple(point for point in points if point is not None), tuple(parts))
