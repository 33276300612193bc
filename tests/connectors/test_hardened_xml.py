"""XML from outside opens no file, calls nobody, fills no memory and goes no deeper than it may."""

from pathlib import Path

import pytest

from connectors.hardened_xml import MAX_BYTES, MAX_DEPTH, parse, to_value
from hub.model.errors import Rejected
from tests.services.scripted_http import Reply, scripted_http

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(10))
QUADRATIC = '<!DOCTYPE a [<!ENTITY x "' + "x" * 100_000 + '">]><a>' + "&x;" * 10_000 + "</a>"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "xml-malformed"),
        (b"<a>", "xml-malformed"),
        (b"{}", "xml-malformed"),
        (b"\x00\x01", "xml-malformed"),
        (b"<?xml version='1.0' encoding='nonesuch'?><a/>", "xml-malformed"),
        (b"<a>\xff</a>", "xml-malformed"),
        (b"<a/><b/>", "xml-malformed"),
        (b"<a xmlns:x='u'><y:b/></a>", "xml-malformed"),
        (f"<!DOCTYPE a [{LAUGHS}]><a>&l9;</a>".encode(), "xml-"),
        (QUADRATIC.encode(), "xml-"),
        (b'<!DOCTYPE a SYSTEM "http://127.0.0.1:1/x.dtd"><a/>', "xml-doctype"),
        (b"<!DOCTYPE a><a/>", "xml-doctype"),
        (b"<a>" * (MAX_DEPTH + 1) + b"</a>" * (MAX_DEPTH + 1), "xml-too-deep"),
        (b"<a>" * 200_000 + b"</a>" * 200_000, "xml-malformed"),
        (b"<a>" + b" " * MAX_BYTES + b"</a>", "xml-too-large"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_what_no_honest_endpoint_sends_is_refused(body: bytes, code: str) -> None:
    with pytest.raises(Rejected) as refused:
        parse(body)
    assert refused.value.code.startswith(code)


def test_an_entity_reads_no_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("opened")
    body = f'<!DOCTYPE a [<!ENTITY x SYSTEM "file://{tmp_path}/secret">]><a>&x;</a>'
    with pytest.raises(Rejected, match="xml-doctype"):
        parse(body.encode())


def test_an_entity_calls_nobody() -> None:
    called: list[str] = []

    def answer(path: str) -> Reply:
        called.append(path)
        return Reply()

    with scripted_http(answer) as url:
        for body in (
            f'<!DOCTYPE a [<!ENTITY x SYSTEM "{url}/x">]><a>&x;</a>',
            f'<!DOCTYPE a [<!ENTITY % x SYSTEM "{url}/x"> %x;]><a/>',
            f'<!DOCTYPE a SYSTEM "{url}/x"><a/>',
        ):
            with pytest.raises(Rejected):
                parse(body.encode())
    assert called == []


def test_a_document_as_deep_as_it_may_be_is_read() -> None:
    assert to_value(parse(b"<a>" * MAX_DEPTH + b"x" + b"</a>" * MAX_DEPTH)) is not None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("<a/>", None),
        ("<a>  </a>", None),
        ("<a> x </a>", "x"),
        ("<a><b>1</b><c/></a>", {"b": "1", "c": None}),
        ("<as><a>1</a></as>", ["1"]),
        ("<a><b>1</b><b>2</b></a>", ["1", "2"]),
        ('<a is_array="true"><b>1</b></a>', ["1"]),
        ('<a is_array="true"/>', None),
        ("<a><!-- no --><b>1</b><?pi no?></a>", {"b": "1"}),
        ('<a xmlns="http://wiki.open311.org/GeoReport_v2"><b>1</b><c>2</c></a>', {"b": "1", "c": "2"}),
        ("<a><![CDATA[<b>]]></a>", "<b>"),
    ],
)
def test_elements_become_what_json_would_have_said(text: str, value: object) -> None:
    assert to_value(parse(text.encode())) == value
