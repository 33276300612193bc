"""A schema registry as Confluent's clients know it: schemas by id, subject and version, and whether another would be compatible.

It is read-only: schemas are files that somebody reviews. Whoever tries to register one that is there gets its id; another is refused, with
the reasons if it is incompatible. Paths, bodies, codes and media type are those of Confluent's Schema Registry REST API.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus
from json import JSONDecodeError
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.responses import Response

from hub.access_log import AccessLog
from hub.contracts.subjects import Registered, Subjects, breaks
from hub.contracts.topics import Compatibility
from hub.model.errors import Rejected
from hub.web.gate import Application, Gate

MEDIA_TYPE = "application/vnd.schemaregistry.v1+json"
OLDEST, NEWEST = 1, (1 << 31) - 1
Held = Callable[[], Subjects]


class Said(JSONResponse):
    """An answer in the registry's own media type."""

    media_type = MEDIA_TYPE


class RegistryError(Exception):
    """What Confluent's registry would refuse, by its code; the first three digits are the status."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def registry(held: Held) -> Application:
    """The application; `held` gives what is registered now."""

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        yield

    made = FastAPI(title="Schemas of the hub", lifespan=life, docs_url=None, redoc_url=None, openapi_url=None, default_response_class=Said)
    for add in (_whole, _by_id, _by_subject, _asked_for, _compatibility, _standing):
        add(made, held)
    made.exception_handler(RegistryError)(_refused)
    made.exception_handler(HTTPException)(_no_such_path)
    return Gate(AccessLog(made))


async def _refused(_: Request, error: Exception) -> Said:
    assert isinstance(error, RegistryError)  # noqa: S101 - the handler of this one type
    status = error.code if error.code < 1000 else error.code // 100  # noqa: PLR2004 - 409, or 40401
    return Said({"error_code": error.code, "message": error.message}, status_code=status)


async def _no_such_path(_: Request, error: Exception) -> Said:
    assert isinstance(error, HTTPException)  # noqa: S101 - the handler of this one type
    return Said({"error_code": error.status_code, "message": f"HTTP {error.status_code} {HTTPStatus(error.status_code).phrase}"},
                status_code=error.status_code)  # fmt: skip


def _whole(made: FastAPI, held: Held) -> None:
    @made.get("/")
    async def here() -> dict[str, str]:
        return {}

    @made.get("/schemas/types")
    async def types() -> list[str]:
        return ["AVRO"]

    @made.get("/contexts")
    async def contexts() -> list[str]:
        return ["."]

    @made.get("/subjects")
    async def names(subjectPrefix: str = "") -> list[str]:  # noqa: N803 - Confluent's word
        prefix = subjectPrefix.removeprefix(":.:").removesuffix("*") if subjectPrefix.startswith(":") else subjectPrefix
        return [name for name in held().named if name.startswith(prefix)]

    @made.get("/schemas")
    async def schemas(subjectPrefix: str = "", latestOnly: bool = False) -> list[dict[str, Any]]:  # noqa: FBT001, FBT002, N803 - as above
        chosen = (versions for name, versions in held().named.items() if name.startswith(subjectPrefix))
        return [_shown(each) for versions in chosen for each in (versions[-1:] if latestOnly else versions)]


def _by_id(made: FastAPI, held: Held) -> None:
    @made.get("/schemas/ids/{schema_id}")
    async def schema(schema_id: str) -> dict[str, str]:
        return {"schema": _of_id(held(), schema_id)[0].text}

    @made.get("/schemas/ids/{schema_id}/schema")
    async def text(schema_id: str) -> Response:
        return _text(_of_id(held(), schema_id)[0])

    @made.get("/schemas/ids/{schema_id}/subjects")
    async def used_by(schema_id: str) -> list[str]:
        return [each.subject for each in _of_id(held(), schema_id)]

    @made.get("/schemas/ids/{schema_id}/versions")
    async def versions(schema_id: str) -> list[dict[str, Any]]:
        return [{"subject": each.subject, "version": each.version} for each in _of_id(held(), schema_id)]


def _by_subject(made: FastAPI, held: Held) -> None:
    @made.get("/subjects/{subject}/versions")
    async def versions(subject: str) -> list[int]:
        return [each.version for each in _subject(held(), subject)]

    @made.get("/subjects/{subject}/versions/{version}")
    async def version(subject: str, version: str) -> dict[str, Any]:
        return _shown(_version(held(), subject, version))

    @made.get("/subjects/{subject}/versions/{version}/schema")
    async def text(subject: str, version: str) -> Response:
        return _text(_version(held(), subject, version))

    @made.get("/subjects/{subject}/versions/{version}/referencedby")
    async def referenced_by(subject: str, version: str) -> list[int]:
        _version(held(), subject, version)
        return []


def _asked_for(made: FastAPI, held: Held) -> None:
    @made.post("/subjects/{subject}")
    async def look_up(subject: str, request: Request) -> dict[str, Any]:
        _subject(held(), subject)
        found = _same(held(), subject, await _schema(request))
        if found is None:
            raise RegistryError(40403, "Schema not found")
        return _shown(found)

    @made.post("/subjects/{subject}/versions")
    async def register(subject: str, request: Request) -> dict[str, int]:
        text = await _schema(request)
        found = _same(held(), subject, text)
        if found is not None:
            return {"id": found.id}
        versions = held().named.get(subject, ())
        if versions and (reasons := breaks(text, versions, versions[-1].level)):
            message = f'Schema being registered is incompatible with an earlier schema for subject "{subject}", details: '
            raise RegistryError(409, message + "; ".join(reasons))
        raise _read_only(subject)


def _compatibility(made: FastAPI, held: Held) -> None:
    @made.post("/compatibility/subjects/{subject}/versions")
    async def with_all(subject: str, request: Request, verbose: bool = False) -> dict[str, Any]:  # noqa: FBT001, FBT002 - a flag of the query
        return _judged(await _schema(request), held().named.get(subject, ()), verbose=verbose)

    @made.post("/compatibility/subjects/{subject}/versions/{version}")
    async def with_one(subject: str, version: str, request: Request, verbose: bool = False) -> dict[str, Any]:  # noqa: FBT001, FBT002 - as above
        return _judged(await _schema(request), (_version(held(), subject, version),), verbose=verbose)


def _standing(made: FastAPI, held: Held) -> None:
    @made.get("/config")
    async def level() -> dict[str, str]:
        return {"compatibilityLevel": Compatibility.FULL_TRANSITIVE}

    @made.get("/config/{subject}")
    async def level_of(subject: str, defaultToGlobal: bool = False) -> dict[str, str]:  # noqa: FBT001, FBT002, N803 - Confluent's word
        versions = held().named.get(subject)
        if versions is None and not defaultToGlobal:
            raise RegistryError(40408, f"Subject '{subject}' does not have subject-level compatibility configured")
        return {"compatibilityLevel": versions[-1].level if versions else Compatibility.FULL_TRANSITIVE}

    @made.get("/mode")
    async def mode() -> dict[str, str]:
        return {"mode": "READONLY"}

    @made.get("/mode/{subject}")
    async def mode_of(subject: str, defaultToGlobal: bool = False) -> dict[str, str]:  # noqa: FBT001, FBT002, N803 - Confluent's word
        if not defaultToGlobal:
            raise RegistryError(40409, f"Subject '{subject}' does not have subject-level mode configured")
        return {"mode": "READONLY"}

    for path in (
        "/config",
        "/config/{subject}",
        "/mode",
        "/mode/{subject}",
        "/subjects/{subject}",
        "/subjects/{subject}/versions/{version}",
    ):

        @made.api_route(path, methods=["PUT", "DELETE"])
        async def change(subject: str = "", version: str = "") -> None:  # noqa: ARG001 - part of the path
            raise _read_only(subject)


def _read_only(subject: str) -> RegistryError:
    return RegistryError(42205, f"Subject {subject} is in read-only mode" if subject else "The registry is in read-only mode")


def _of_id(held: Subjects, schema_id: str) -> tuple[Registered, ...]:
    if not schema_id.isdecimal():
        raise RegistryError(404, "HTTP 404 Not Found")
    found = held.ids.get(int(schema_id[:12]))
    if found is None:
        raise RegistryError(40403, f"Schema {schema_id[:12]} not found")
    return found


def _subject(held: Subjects, subject: str) -> tuple[Registered, ...]:
    if subject not in held.named:
        raise RegistryError(40401, f"Subject '{subject}' not found.")
    return held.named[subject]


def _version(held: Subjects, subject: str, version: str) -> Registered:
    number = -1 if version == "latest" else _number(version)
    versions = _subject(held, subject)
    found = versions[-1] if number == -1 else next((each for each in versions if each.version == number), None)
    if found is None:
        raise RegistryError(40402, f"Version {number} not found.")
    return found


def _number(version: str) -> int:
    number = int(version) if version.removeprefix("-").isdecimal() and len(version) < len(str(NEWEST)) + 1 else 0
    if number == -1 or OLDEST <= number <= NEWEST:
        return number
    allowed = 'Allowed values are between [1, 2^31-1] and the string "latest"'
    raise RegistryError(42202, f"The specified version '{version[:20]}' is not a valid version id. {allowed}")


def _shown(each: Registered) -> dict[str, Any]:
    return {"subject": each.subject, "version": each.version, "id": each.id, "schema": each.text}


def _text(each: Registered) -> Response:
    return Response(each.text, media_type=MEDIA_TYPE)


async def _schema(request: Request) -> str:
    try:
        body = await request.json()
    except (JSONDecodeError, UnicodeDecodeError, RecursionError):
        raise RegistryError(400, "The body is not JSON") from None
    text = body.get("schema") if isinstance(body, dict) else None
    if not isinstance(text, str) or body.get("schemaType", "AVRO") != "AVRO":
        raise RegistryError(42201, "Invalid schema: it is to be an Avro schema, as a string")
    return text


def _same(held: Subjects, subject: str, text: str) -> Registered | None:
    try:
        return held.same(subject, text)
    except Rejected:
        raise RegistryError(42201, "Invalid schema: it is not an Avro schema that the hub would decode with") from None


def _judged(text: str, earlier: tuple[Registered, ...], *, verbose: bool) -> dict[str, Any]:
    level = earlier[-1].level if earlier else Compatibility.FULL_TRANSITIVE
    try:
        reasons = breaks(text, earlier, level)
    except Rejected:
        raise RegistryError(42201, "Invalid schema: it is not an Avro schema that the hub would decode with") from None
    return {"is_compatible": not reasons} | ({"messages": list(reasons)} if verbose else {})
