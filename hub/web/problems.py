"""What went wrong, as RFC 9457 problem details: a code for programs, a sentence for people, and nothing of what was sent."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.routing import compile_path

from hub.engine.commanding import Conflict
from hub.engine.waiting import Behind
from hub.model.command import Refusal
from hub.model.errors import Unavailable

MEDIA_TYPE = "application/problem+json"


class FieldProblem(BaseModel):
    """One part of a request that cannot be: where it stands, and which rule it breaks."""

    where: str
    rule: str


class ChangeSince(BaseModel):
    """An event that came to be known since."""

    at: str
    event: str


class Problem(BaseModel):
    """RFC 9457 problem details."""

    type: str = Field(description="urn:hub:problem: and the code.")
    title: str
    status: int
    detail: str
    errors: list[FieldProblem] | None = None
    version: str | None = Field(default=None, description="The version that the state has now.")
    changes: list[ChangeSince] | None = Field(default=None, description="What came to be known since the version that was named.")
    records_behind: int | None = Field(default=None, description="How many records lie before the one that is waited for.")


class Problematic(Exception):
    """The answer is a problem."""

    def __init__(self, status: HTTPStatus, code: str, detail: str, **more: Any) -> None:
        super().__init__(code)
        self.status, self.code, self.detail, self.more = status, code, detail, more


def problem(status: int, code: str, detail: str, headers: Mapping[str, str] | None = None, **more: Any) -> JSONResponse:
    """The response that says so."""
    title = HTTPStatus(status).phrase
    body = {"type": f"urn:hub:problem:{code}", "title": title, "status": status, "detail": detail} | more
    return JSONResponse(body, status, dict(headers or {}), MEDIA_TYPE)


def refused(refusal: Refusal) -> Problematic:
    """The rules do not allow it; what does not exist is not found."""
    status = HTTPStatus.NOT_FOUND if refusal.code.endswith("-unknown") else HTTPStatus.CONFLICT
    return Problematic(status, refusal.code, refusal.why)


def conflicting(conflict: Conflict) -> Problematic:
    """It was decided on a state that is no longer."""
    changes = [{"at": change.at.isoformat(), "event": change.event} for change in conflict.changes]
    detail = "The state is not the one named by If-Match."
    return Problematic(HTTPStatus.CONFLICT, "version-conflict", detail, version=conflict.version, changes=changes)


def not_visible(behind: Behind) -> Problematic:
    """What the token names has not reached the view."""
    if behind.parked:
        detail = "It waits behind a record that could not be read, until somebody decides about that one."
        return Problematic(HTTPStatus.CONFLICT, "parked", detail, records_behind=behind.records)
    return Problematic(HTTPStatus.CONFLICT, "not-visible-yet", "It is not visible yet. Ask again.", records_behind=behind.records)


def handle_problems(app: FastAPI) -> None:
    """Answer everything that goes wrong in `app` with problem details."""

    @app.exception_handler(Problematic)
    async def problematic(_request: Request, wrong: Problematic) -> JSONResponse:
        return problem(wrong.status, wrong.code, wrong.detail, **wrong.more)

    @app.exception_handler(Unavailable)
    async def unavailable(_request: Request, wrong: Unavailable) -> JSONResponse:
        after = {"Retry-After": str(max(1, round(wrong.retry_after or 1)))}
        return problem(503, "unavailable", "Something the hub needs cannot be reached. Ask again with the same key.", after)

    @app.exception_handler(RequestValidationError)
    async def invalid(_request: Request, wrong: RequestValidationError) -> JSONResponse:
        return problem(422, "invalid", "The request does not say what is needed.", errors=_errors(wrong.errors()))

    @app.exception_handler(HTTPException)
    async def http(request: Request, wrong: HTTPException) -> JSONResponse:
        allow = _allowed(app, request) if wrong.status_code == HTTPStatus.METHOD_NOT_ALLOWED else {}
        return problem(wrong.status_code, *_HTTP.get(wrong.status_code, _OTHER), headers={**(wrong.headers or {}), **allow})

    @app.exception_handler(Exception)
    async def bug(_request: Request, _wrong: Exception) -> JSONResponse:
        return problem(500, "bug", "The hub failed. What happened is in its log, without what was sent.")


_HTTP = {
    400: ("unreadable", "The body is not JSON."),
    404: ("not-found", "There is nothing here."),
    405: ("method-not-allowed", "This cannot be done here."),
    413: ("too-large", "The body is larger than 64 kB."),
}
_OTHER = ("refused", "The request was refused.")


def _allowed(app: FastAPI, request: Request) -> dict[str, str]:
    """Every method that the description has for this path; the framework names those of one route alone."""
    paths = app.openapi()["paths"]
    found = {method.upper() for path, methods in paths.items() if compile_path(path)[0].match(request.url.path) for method in methods}
    return {"Allow": ", ".join(sorted(found))} if found else {}


def _errors(errors: Sequence[Any]) -> list[dict[str, str]]:
    """Where and which rule: no value, and of an unknown field not even its name, which somebody wrote."""
    return [{"where": ".".join(_where(each)), "rule": each["type"]} for each in errors]


def _where(error: Any) -> list[str]:
    parts = [str(part) for part in error["loc"]]
    return [*parts[:-1], "(unknown field)"] if error["type"] == "extra_forbidden" else parts[:2]
