import io
import json
import logging
import subprocess
import sys
import threading
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import pytest
import structlog
import uvicorn
from fastapi import FastAPI

from hub import logs
from hub.access_log import AccessLog
from hub.model.errors import Misconfigured, Rejected, Unavailable
from tests.privacy.mistakes import MISTAKES, SECRET

REPOSITORY = Path(__file__).parents[2]
log = structlog.get_logger()


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What a configured hub says, for one test."""
    for module, name in ((sys, "excepthook"), (sys, "unraisablehook"), (threading, "excepthook"), (warnings, "showwarning")):
        monkeypatch.setattr(module, name, getattr(module, name))
    monkeypatch.setattr(logging, "raiseExceptions", logging.raiseExceptions)
    root, stream = logging.getLogger(), io.StringIO()
    handlers, level = root.handlers[:], root.level
    root.handlers = []  # pytest's own stay open
    logs.configure(stream)
    yield stream
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def mistake(provoke: Callable[[], Any]) -> Exception:
    with pytest.raises(Exception) as caught:  # noqa: PT011  # any error at all
        provoke()
    return caught.value


@pytest.mark.parametrize("provoke", MISTAKES.values(), ids=MISTAKES)
def test_the_errors_provoked_here_do_hold_what_they_stumbled_over(provoke: Callable[[], Any]) -> None:
    error = mistake(provoke)
    held = (*traceback.format_exception(error), getattr(error, "object", ""), getattr(error, "doc", ""))
    assert SECRET in "".join(str(each) for each in held)


@pytest.mark.parametrize("provoke", MISTAKES.values(), ids=MISTAKES)
def test_no_error_carries_what_it_stumbled_over_into_a_log(said: io.StringIO, provoke: Callable[[], Any]) -> None:
    other = logging.getLogger("some.library")
    try:
        provoke()
    except Exception as error:  # any error at all
        log.exception("a step failed")
        log.error("a step failed", exc_info=error)  # noqa: TRY400  # as a value too
        other.exception("failed on %s", SECRET)
        other.error(f"failed: {error}")  # what libraries do
        sys.excepthook(type(error), error, error.__traceback__)
    assert SECRET not in said.getvalue()
    assert [("error" in line, line.get("said")) for line in lines(said)] == [
        (True, "a step failed"),
        (True, "a step failed"),
        (True, "failed on %s"),
        (False, None),
        (True, None),
    ]


def test_an_error_is_told_by_type_place_and_origin(said: io.StringIO) -> None:
    try:
        MISTAKES["of another"]()
    except LookupError:
        log.exception("a step failed")
    (line,) = lines(said)
    assert line["error"]["type"] == "builtins.LookupError"
    assert line["error"]["of"] == ["builtins.KeyError"]
    assert line["error"]["at"][-1].startswith("tests.privacy.mistakes:")
    assert line["from"].startswith("tests.privacy.test_logs:")
    assert line["level"] == "error"


def test_the_hubs_own_errors_say_their_sentence_and_rejections_their_code(said: io.StringIO) -> None:
    log.error("stopped", exc_info=Misconfigured("kafka.bootstrap", "is missing"))
    log.error("waiting", exc_info=Unavailable("key store"))
    log.error("rejected", exc_info=Rejected("not-text", fields=("notes",)))
    errors = [line["error"] for line in lines(said)]
    assert [error.get("says") for error in errors] == ["kafka.bootstrap: is missing", "key store", None]
    assert (errors[2]["code"], errors[2]["fields"]) == ("not-text", ["notes"])


def test_a_line_has_only_fields_that_are_listed_and_of_their_kind(said: io.StringIO) -> None:
    log.info("applied", topic="cases", partition=3, event_id=str(UUID(int=7)), seconds=0.25)
    log.info("applied", name=SECRET, notes={"text": SECRET}, topic=SECRET, partition=SECRET, event_id=SECRET, count=True, status=None)
    first, second = lines(said)
    assert {name: first[name] for name in ("topic", "partition", "event_id", "seconds")} == {
        "topic": "cases",
        "partition": 3,
        "event_id": str(UUID(int=7)),
        "seconds": 0.25,
    }
    assert second.keys() == {"time", "level", "from", "said", "withheld"}
    assert second["withheld"] == 7


def test_words_made_at_run_time_are_withheld_and_their_place_is_given(said: io.StringIO) -> None:
    log.info(f"applied {SECRET}")  # noqa: G004 - the mistake this is about
    log.info("applied %s", SECRET)
    logging.getLogger("some.library").warning("applied " + SECRET)  # noqa: G003  # what libraries do
    assert [line.get("said") for line in lines(said)] == [None, None, None]
    assert {line["from"].split(":")[0] for line in lines(said)} == {"tests.privacy.test_logs"}


def test_a_broken_log_call_of_a_library_shows_no_arguments(said: io.StringIO, capsys: pytest.CaptureFixture[str]) -> None:
    class Broken:
        def __str__(self) -> str:
            raise ValueError(SECRET)

    logging.getLogger("some.library").error(Broken())
    logging.getLogger("some.library").error("%d records", SECRET)
    shown = capsys.readouterr()
    assert SECRET not in said.getvalue() + shown.out + shown.err


def test_a_warning_is_told_without_its_words(said: io.StringIO) -> None:
    warnings.showwarning(UserWarning(SECRET), UserWarning, "library.py", 7)
    (line,) = lines(said)
    assert line["warned"] == "UserWarning library.py:7"
    assert SECRET not in said.getvalue()


PROGRAM = """
import asyncio, gc, logging, sys, threading, warnings
from hub.logs import configure
configure()
secret = sys.stdin.read()

class Ghost:
    def __del__(self):
        raise ValueError(secret)

def provoke():
    int(secret)

async def forget():
    asyncio.get_running_loop().create_task(asyncio.to_thread(provoke))
    await asyncio.sleep(0.05)
    gc.collect()

Ghost()
warnings.warn(secret)
thread = threading.Thread(target=provoke); thread.start(); thread.join()
asyncio.run(forget())
logging.getLogger("library").error("read %s", secret)
provoke()
"""


def test_whatever_is_left_uncaught_in_a_process_says_no_value() -> None:
    ran = subprocess.run([sys.executable, "-c", PROGRAM], input=SECRET, capture_output=True, text=True, check=False, cwd=REPOSITORY)
    assert ran.returncode == 1
    assert SECRET not in ran.stdout + ran.stderr
    said = [json.loads(line) for line in ran.stderr.splitlines()]
    assert [line.get("error", {}).get("type") or line.get("warned", "").split(" ")[0] or line.get("said") for line in said] == [
        "builtins.ValueError",  # in a finaliser
        "UserWarning",
        "builtins.ValueError",  # in a thread
        "builtins.ValueError",  # in a task nobody waited for
        "read %s",
        "builtins.ValueError",  # at the end
    ]


def test_without_the_hubs_logging_the_same_process_does_leak() -> None:
    program = PROGRAM.replace("configure()\n", "pass\n", 1)
    ran = subprocess.run([sys.executable, "-c", program], input=SECRET, capture_output=True, text=True, check=False, cwd=REPOSITORY)
    assert ran.stderr.count(SECRET) >= 6


@contextmanager
def answering(app: Any) -> Iterator[str]:
    server = uvicorn.Server(uvicorn.Config(app, port=0, access_log=False, log_config=None, lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        thread.join(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


def council() -> FastAPI:
    app = FastAPI()

    @app.get("/v1/people/{name}")
    def person(name: str, age: int) -> str:
        return name[age]

    return app


def test_a_request_is_logged_by_its_route_and_never_by_its_address(said: io.StringIO) -> None:
    paths = [f"/v1/people/{SECRET}?age={age}" for age in ("1", SECRET, "99")] + [f"/{SECRET}"]
    with answering(AccessLog(council())) as url:
        assert [httpx2.get(url + path).status_code for path in paths] == [200, 422, 500, 404]
    answered = [line for line in lines(said) if line.get("said") == "answered"]
    assert [(line["route"], line["status"]) for line in answered] == [
        ("/v1/people/{name}", 200),
        ("/v1/people/{name}", 422),
        ("/v1/people/{name}", 500),
        ("/-", 404),
    ]
    assert SECRET not in said.getvalue()
    assert any(line.get("error", {}).get("type") == "builtins.IndexError" for line in lines(said))
