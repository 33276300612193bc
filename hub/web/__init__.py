"""The HTTP API: the only callers of commands, and the readers of rows, on loopback until people can sign in."""

from hub.web.app import app, watched
from hub.web.desk import Desk
from hub.web.readiness import Readiness
from hub.web.serving import Door, loopback, open_door, serve

__all__ = ["Desk", "Door", "Readiness", "app", "loopback", "open_door", "serve", "watched"]
