"""What is refused, in Kafka Connect's bodies and codes; no word of it repeats a value that was sent."""

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from hub.connect.repository import ConnectorExists, NoSuchConnector, NotStopped
from hub.model.errors import Unavailable


class Refused(Exception):
    """What Connect would refuse: the status, and its sentence."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message


def handle(made: FastAPI) -> None:
    """Answer everything that goes wrong as Connect does."""
    for kind, answer in {Refused: _refused, HTTPException: _http, Unavailable: _unavailable, Exception: _bug}.items():
        made.exception_handler(kind)(answer)
    for known, status in ((NoSuchConnector, HTTPStatus.NOT_FOUND), (ConnectorExists, HTTPStatus.CONFLICT)):
        made.exception_handler(known)(_named(status))
    made.exception_handler(NotStopped)(_not_stopped)


def said(status: int, message: str, headers: dict[str, str] | None = None) -> JSONResponse:
    """The refusal as an answer."""
    return JSONResponse({"error_code": int(status), "message": message}, int(status), headers)


async def _refused(_: Request, wrong: Exception) -> JSONResponse:
    assert isinstance(wrong, Refused)  # noqa: S101 - the handler of this one type
    headers = {"WWW-Authenticate": "Bearer"} if wrong.status == HTTPStatus.UNAUTHORIZED else None
    return said(wrong.status, wrong.message, headers)


async def _http(_: Request, wrong: Exception) -> JSONResponse:
    assert isinstance(wrong, HTTPException)  # noqa: S101 - as above
    return said(wrong.status_code, f"HTTP {wrong.status_code} {HTTPStatus(wrong.status_code).phrase}")


async def _unavailable(_: Request, _wrong: Exception) -> JSONResponse:
    return said(503, "Something the hub needs cannot be reached. Ask again.", {"Retry-After": "1"})


async def _bug(_: Request, _wrong: Exception) -> JSONResponse:
    return said(500, "The hub failed. What happened is in its log, without what was sent.")


def _named(status: HTTPStatus) -> Any:
    async def answer(request: Request, _: Exception) -> JSONResponse:
        name = str(request.path_params.get("connector", ""))
        known = f"Connector {name} already exists" if status is HTTPStatus.CONFLICT else f"Connector {name} not found"
        return said(status, known)

    return answer


async def _not_stopped(request: Request, _: Exception) -> JSONResponse:
    name = str(request.path_params["connector"])
    return said(
        400,
        "Connectors must be in the STOPPED state before their offsets can be modified. This can be done for the specified connector by "
        f"issuing a 'PUT' request to the '/connectors/{name}/stop' endpoint",
    )
