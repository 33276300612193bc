"""A GeoReport v2 server on the loopback whose replies are the recorded ones, byte for byte.

    /<recording>/requests.<json|xml>?start_date&end_date&status&service_code&service_request_id
    /<recording>/requests/<id>.<json|xml>
    /<recording>/services.<json|xml>
    /<recording>/discovery.json

A question that leaves some requests out gets the recorded bytes of the others, in the recorded order, in the recorded wrapping. The
discovery document is the server's own, since it names the server's own address.
"""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qsl, unquote, urlsplit

FILES: Mapping[str, str] = {
    "chicago/requests.json": "chicago/chicago_open311_extensions_2014.json",
    "chicago-july-2014/requests.json": "chicago/real_service_requests.json",
    "chicago-july-2014/services.json": "chicago/real_service_list.json",
    "toronto/requests.xml": "toronto/real_requests_many.xml",
    "giessen/services.xml": "giessen/real_services_giessen.xml",
}
LONGEST = timedelta(days=90)
_TYPES = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}
_XML_REQUEST = re.compile(rb"[ \t]*<request>.*?</request>\s*", re.DOTALL)
_XML_FIELD = re.compile(rb"<(service_request_id|status|service_code|requested_datetime)>([^<]*)</")


class _Refused(Exception):
    def __init__(self, code: HTTPStatus, why: str) -> None:
        super().__init__(why)
        self.code = code
        self.why = why


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    id: str
    status: str
    service_code: str
    requested: datetime
    recorded: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Recording:
    """A recorded reply, taken apart at its requests so that it can be put together again without some of them."""

    whole: bytes
    before: bytes
    between: bytes
    after: bytes
    requests: tuple[_Request, ...]

    def of(self, wanted: tuple[_Request, ...]) -> bytes:
        if wanted == self.requests:
            return self.whole
        return self.before + self.between.join(request.recorded for request in wanted) + self.after


def _request(fields: Mapping[str, str], recorded: bytes) -> _Request:
    return _Request(
        id=fields["service_request_id"],
        status=fields["status"],
        service_code=fields["service_code"],
        requested=datetime.fromisoformat(fields["requested_datetime"]),
        recorded=recorded,
    )


def _json_recording(whole: bytes) -> _Recording:
    text, decoder, requests = whole.decode(), json.JSONDecoder(), []
    at = text.index("{")
    while at >= 0:
        fields, end = decoder.raw_decode(text, at)
        requests.append(_request(fields, text[at:end].encode()))
        at = text.find("{", end)
    return _Recording(whole=whole, before=b"[", between=b",", after=b"]", requests=tuple(requests))


def _xml_recording(whole: bytes) -> _Recording:
    found = list(_XML_REQUEST.finditer(whole))
    requests = tuple(_request({name.decode(): value.decode() for name, value in _XML_FIELD.findall(one[0])}, one[0]) for one in found)
    return _Recording(whole=whole, before=whole[: found[0].start()], between=b"", after=whole[found[-1].end() :], requests=requests)


def _wanted(recording: _Recording, question: Mapping[str, str]) -> tuple[_Request, ...]:
    if ids := question.get("service_request_id"):
        return tuple(request for request in recording.requests if request.id in ids.split(","))  # overrides all other arguments
    start, end = _window(recording, question)
    statuses = (question.get("status") or "open,closed").split(",")
    codes = [code for code in (question.get("service_code") or "").split(",") if code]
    return tuple(
        request
        for request in recording.requests
        if start <= request.requested <= end and request.status in statuses and (not codes or request.service_code in codes)
    )


def _window(recording: _Recording, question: Mapping[str, str]) -> tuple[datetime, datetime]:
    newest = max(request.requested for request in recording.requests)
    end = _w3(question["end_date"]) if question.get("end_date") else newest
    start = _w3(question["start_date"]) if question.get("start_date") else end - LONGEST
    if end - start > LONGEST + timedelta(seconds=1):
        raise _Refused(HTTPStatus.BAD_REQUEST, "start_date and end_date may not span more than 90 days")
    return start, end


def _w3(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = datetime.min  # noqa: DTZ901 - without zone, and so refused
    if instant.tzinfo is None:
        raise _Refused(HTTPStatus.BAD_REQUEST, "a date is not in W3C format with zone")
    return instant


def _reply(folder: Path, host: str, path: str, question: Mapping[str, str]) -> bytes:
    recording, _, resource = path.strip("/").partition("/")
    if resource == "discovery.json":
        return _discovery(recording, host)
    single = re.fullmatch(r"requests/([^/]+)\.(json|xml)", resource)
    name = f"{recording}/requests.{single[2]}" if single else f"{recording}/{resource}"
    if name not in FILES:
        raise _Refused(HTTPStatus.NOT_FOUND, "nothing of that name was recorded")
    whole = (folder / FILES[name]).read_bytes()
    if resource.startswith("services"):
        return whole
    taken_apart = _json_recording(whole) if name.endswith("json") else _xml_recording(whole)
    wanted = _wanted(taken_apart, {"service_request_id": unquote(single[1])} if single else question)
    if single and not wanted:
        raise _Refused(HTTPStatus.NOT_FOUND, "service_request_id not found")
    return taken_apart.of(wanted)


def _discovery(recording: str, host: str) -> bytes:
    formats = [_TYPES[name.rsplit(".", 1)[1]].split(";")[0] for name in FILES if name.startswith(f"{recording}/requests")]
    if not formats:
        raise _Refused(HTTPStatus.NOT_FOUND, "nothing of that name was recorded")
    endpoint = {
        "specification": "http://wiki.open311.org/GeoReport_v2",
        "url": f"http://{host}/{recording}",
        "type": "production",
        "formats": formats,
    }
    return json.dumps({"changeset": "2014-12-17T00:00:00Z", "contact": "", "key_service": "", "endpoints": [endpoint]}).encode()


def _errors(refused: _Refused, form: str) -> bytes:
    if form == "xml":
        error = f"<error><code>{refused.code}</code><description>{refused.why}</description></error>"
        return f'<?xml version="1.0" encoding="utf-8"?><errors>{error}</errors>'.encode()
    return json.dumps([{"code": refused.code, "description": refused.why}]).encode()


@contextmanager
def recorded_server(folder: Path, port: int = 0) -> Iterator[str]:
    """The address of a server of the recordings in `folder`, on the loopback, until the context ends; port 0 takes a free one."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            form = "xml" if asked.path.endswith(".xml") else "json"
            code, body = HTTPStatus.OK, b""
            try:
                body = _reply(folder, self.headers["Host"], asked.path, dict(parse_qsl(asked.query)))
            except _Refused as refused:
                code, body = refused.code, _errors(refused, form)
            self.send_response(code)
            self.send_header("Content-Type", _TYPES[form])
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            """Say nothing: the hub's own progress is what is shown."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
