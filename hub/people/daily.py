"""What a hub does once a day."""

from collections.abc import Callable
from datetime import date, datetime
from threading import Event as Signal

from hub.model.errors import Unavailable

LOOK_SECONDS = 600.0


def once_a_day(once: Callable[[date], object], clock: Callable[[], datetime], stop: Signal) -> None:
    """Do it once a day until told to stop, the first time at once; an outage is waited for."""
    done: date | None = None
    while not stop.is_set():
        today = clock().date()
        try:
            if today != done:
                once(today)
                done = today
        except Unavailable:
            pass  # tried again at the next look
        stop.wait(LOOK_SECONDS)
