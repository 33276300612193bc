"""Makes a call of a server, and keeps of the answer what a client could tell one server from another by."""

import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

import orjson
from httpx2 import Client, Response

from tests.connect_rest.calls import CONDITIONS, Answer, Call, World

T = TypeVar("T")
PATIENCE = 120.0
"""Seconds until an answer that does not become what is waited for is a failure."""


def asked(http: Client, world: World, call: Call) -> Answer:
    """The answer to the call; raises AssertionError where it never becomes what the call waits for."""
    deadline = time.monotonic() + PATIENCE
    while True:
        answer = _kept(_sent(http, world, call))
        if not call.until or (answer["status"] == 200 and CONDITIONS[call.until](answer["body"])):
            return answer
        assert time.monotonic() < deadline, f"{call.name} never became {call.until}: {answer}"
        threading.Event().wait(0.05)


def eventually(found: Callable[[], T | None]) -> T:
    """What is found once anything is; raises AssertionError where nothing ever is."""
    deadline = time.monotonic() + PATIENCE
    while not (answer := found()):
        assert time.monotonic() < deadline, "it never came about"
        threading.Event().wait(0.05)
    return answer


def request_of(world: World, call: Call) -> dict[str, Any]:
    """The request as it is sent."""
    path = call.path.format(kind=world.kind, logger=world.logger)
    body = call.body(world) if call.body else None
    return {"method": call.method, "path": path} | ({"body": body} if call.body else {}) | ({"text": call.text} if call.text else {})


def _sent(http: Client, world: World, call: Call) -> Response:
    request = request_of(world, call)
    content = orjson.dumps(request["body"]) if call.body else call.text
    headers = {"Accept": "application/json"} | ({"Content-Type": call.media} if content is not None else {})
    return http.request(call.method, request["path"], content=content, headers=headers)


def _kept(response: Response) -> dict[str, Any]:
    """Status, media type, place and body."""
    said: dict[str, Any] = {"status": response.status_code}
    if response.content:
        media = response.headers.get("content-type", "").partition(";")[0]
        said |= {"media": media, "body": response.json()}
    place = response.headers.get("location")
    return said | ({"location": place.replace(str(response.url.copy_with(raw_path=b"/")).rstrip("/"), "")} if place else {})
