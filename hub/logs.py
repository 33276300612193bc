"""What the hub says to its operators: one JSON object per line, of which no part can carry what an event says.

Errors of pydantic, fastavro, `int()`, a decoder or a driver hold the value they stumbled over. So no message of a foreign error is ever
written: an error is its type, its reason code and where it was raised. The words of a log call are written if they stand literally in the
code that says them; a text made at run time is withheld, and its place given instead. Fields are written if they are on the list below and
of their kind.
"""

import logging
import sys
import threading
import warnings
from collections.abc import Iterator, Mapping, MutableMapping
from datetime import UTC, datetime
from itertools import islice
from json import dumps
from re import Pattern
from re import compile as shape
from traceback import walk_tb
from types import FrameType
from typing import Any, TextIO

import structlog

from hub.model.errors import HubError, Rejected

_NAME = shape(r"[a-z][a-z0-9_.-]{0,62}")
_ID = shape(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_METHOD = shape(r"[A-Z]{3,7}")
_ROUTE = shape(r"/[a-z0-9_/{}.:-]{0,120}")
_NUMBER = (int, float)
_NAMED = ("bundle", "code", "connector", "effect", "projection", "reader", "role", "state", "stream", "topic")
_COUNTED = ("attempt", "bytes", "count", "epoch", "lag", "offset", "partition", "pid", "port", "seconds", "status", "version")

ALLOWED: Mapping[str, Pattern[str] | tuple[type, ...]] = {
    **dict.fromkeys(_NAMED, _NAME),
    **dict.fromkeys(("correlation_id", "event_id", "instance_id", "request_id"), _ID),
    **dict.fromkeys(_COUNTED, _NUMBER),
    "method": _METHOD,
    "route": _ROUTE,
}
"""The fields a line may have, each with the kind of its value; whatever else is given is only counted, as withheld."""

_MACHINERY = ("structlog", "logging", __name__)
_STACK, _CHAIN = 16, 5
Line = dict[str, Any]


def configure(stream: TextIO = sys.stderr, level: int = logging.INFO) -> None:
    """From now on all that this process logs, warns of, or leaves uncaught goes to `stream` as lines of JSON; called once, at start."""
    structlog.configure(
        processors=[_structured],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Lines())
    logging.basicConfig(handlers=[handler], level=level, force=True)
    logging.raiseExceptions = False  # the report of a failed log call prints its arguments
    warnings.showwarning = lambda _words, kind, file, number, *_: _tell(stream, "warning", {"warned": f"{kind.__name__} {file}:{number}"})
    sys.excepthook = lambda _kind, error, _trace: _tell(stream, "critical", {"error": account(error)})
    sys.unraisablehook = lambda gone: _tell(stream, "error", {"error": account(gone.exc_value)})
    threading.excepthook = lambda gone: _tell(stream, "critical", {"error": account(gone.exc_value)})


def speak_from(level: int) -> None:
    """From now on this process says what is of this level or above it; what is critical it says always."""
    kept = min(max(level, logging.NOTSET), logging.CRITICAL)
    known = max(each for each in (logging.NOTSET, *range(logging.DEBUG, logging.CRITICAL + 1, 10)) if each <= kept)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(known))
    logging.root.setLevel(level)


class Lines(logging.Formatter):
    """Makes lines of what other libraries log: their words without the arguments, their errors without the messages."""

    def format(self, record: logging.LogRecord) -> str:
        """One line of JSON."""
        error = record.exc_info[1] if record.exc_info else None
        return _line(record.levelname.lower(), _spoken(str(record.msg)) | ({"error": account(error)} if error else {}))


def account(error: BaseException | None) -> Line:
    """An error without its message: type, place, what it came of; reason code and names of fields where it is a rejection.

    The hub's own errors say their sentence: it is theirs to name no value (hub/model/errors.py).
    """
    if error is None:
        return {}
    said: Line = {"type": f"{type(error).__module__}.{type(error).__qualname__}", "at": _places(error)}
    if isinstance(error, Rejected):
        said |= {"code": str(error.code), "fields": list(error.fields)}
    elif isinstance(error, HubError):
        said |= {"says": str(error)}
    came_of = [f"{type(cause).__module__}.{type(cause).__qualname__}" for cause in islice(_causes(error), _CHAIN)]
    return said | ({"of": came_of} if came_of else {})


def _structured(_logger: object, level: str, given: MutableMapping[str, Any]) -> str:
    words, error = given.pop("event", ""), _error(given.pop("exc_info", None))
    fields = {name: value for name, value in given.items() if _fits(name, value)}
    withheld = {"withheld": len(given) - len(fields)} if len(given) > len(fields) else {}
    return _line(level, _spoken(str(words)) | fields | withheld | ({"error": account(error)} if error else {}))


def _fits(name: str, value: object) -> bool:
    match ALLOWED.get(name):
        case None:
            return False
        case Pattern() as kind:
            return isinstance(value, str) and kind.fullmatch(value) is not None
        case kinds:
            return isinstance(value, kinds) and not isinstance(value, bool)


def _error(given: Any) -> BaseException | None:
    if isinstance(given, BaseException):
        return given
    if isinstance(given, tuple):
        return given[1] if isinstance(given[1], BaseException) else None
    return sys.exc_info()[1] if given else None


def _spoken(words: str) -> Line:
    """Where it was said; and the words, if they stand in the code of somebody on the way here."""
    way = list(islice(_callers(), _STACK))
    place = {"from": _place(way[0], way[0].f_lineno)} if way else {}
    return place | ({"said": words} if any(words in frame.f_code.co_consts for frame in way) else {})


def _callers() -> Iterator[FrameType]:
    frame: FrameType | None = sys._getframe()  # noqa: SLF001  # the one way to see who says it; inspect.stack reads files
    while frame is not None:
        if not str(frame.f_globals.get("__name__")).startswith(_MACHINERY):
            yield frame
        frame = frame.f_back


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    while cause is not None:
        yield cause
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    yield from error.exceptions if isinstance(error, BaseExceptionGroup) else ()


def _places(error: BaseException) -> list[str]:
    return [_place(frame, number) for frame, number in walk_tb(error.__traceback__)][-_STACK:]


def _place(frame: FrameType, number: int) -> str:
    return f"{frame.f_globals.get('__name__')}:{number} {frame.f_code.co_name}"


def _line(level: str, said: Line) -> str:
    return dumps({"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "level": level, **said})  # noqa: TID251  # shell


def _tell(stream: TextIO, level: str, said: Line) -> None:
    stream.write(f"{_line(level, said)}\n")
    stream.flush()
