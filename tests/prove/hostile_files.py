"""Files that nobody honest would drop: for each kind of drop the ways in which one can be made to crash, swell, stall or smuggle."""

import io
import zipfile
from collections.abc import Callable, Iterator
from random import Random
from typing import NamedTuple

from tests.connectors.drops import HEADER, row
from tests.connectors.workbooks import HEADER as CELLS
from tests.connectors.workbooks import job, workbook

Write = Callable[[io.BufferedWriter], object]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
GRO = "http://www.ons.gov.uk/gro/OGDDeathExtractDWP"


class Hostile(NamedTuple):
    """One file: which connector it is dropped for, what it is, and how it is written."""

    drop: str
    what: str
    write: Write


def hostile_files(random: Random, megabytes: int) -> list[Hostile]:
    """All of them, the longest of a line of so many megabytes, in an order by which a part of them is a part of every kind."""
    found = [*_texts(random, megabytes), *_documents(), *_workbooks(), *_rubbish(random)]
    random.shuffle(found)
    return found


def _raw(drop: str, what: str, content: bytes | str | Callable[[], bytes | str]) -> Hostile:
    def write(file: io.BufferedWriter) -> None:
        made = content() if callable(content) else content
        file.write(made.encode() if isinstance(made, str) else made)

    return Hostile(drop, what, write)


def _texts(random: Random, megabytes: int) -> Iterator[Hostile]:
    def long_line(file: io.BufferedWriter) -> None:
        file.write(f"{HEADER}\n".encode())
        file.truncate(megabytes * 1024**2)
        file.seek(megabytes * 1024**2)
        file.write(b"\n")

    yield Hostile("csv", f"a line of {megabytes} MB", long_line)
    yield _raw("csv", "a million columns", lambda: ",".join(f"c{number}" for number in range(1_000_000)))
    yield _raw("csv", "a million values in a row", lambda: f"{HEADER}\n{',' * 1_000_000}\n")
    for place in (0, 1, len(HEADER) // 2, len(HEADER) + 3):
        text = f"{HEADER}\n{row('1')}\n"
        yield _raw("csv", f"a NUL at {place}", text[:place] + "\0" + text[place:])
    yield _raw("csv", "quotation marks without end", f"{HEADER}\n" + '"' * 900_001)
    yield _raw("csv", "a quotation mark and a hundred thousand lines", f'{HEADER}\n"' + "x\n" * 100_000)
    for formula in ("=cmd|' /C calc'!A0", "+1+1", "@SUM(1)", "-2+3", "\t=1", '=HYPERLINK("http://127.0.0.1")'):
        yield _raw("csv", "a formula as a reference", f"{HEADER}\n{row(formula.replace(',', ';').replace(chr(34), ''))}\n")
    for encoding in ("utf-16", "utf-32", "cp037"):
        yield _raw("csv", f"text in {encoding}", f"{HEADER}\n{row('1', note='Zoë')}\n".encode(encoding, "replace"))
    yield _raw("csv", "bytes that are no text", f"{HEADER}\n".encode() + b"\xff\xfe\xfa" * 100)
    yield _raw("csv", "an overlong encoding", f"{HEADER}\n{row('1')}".encode() + b"\xc0\xaf\n")
    yield _raw("csv", "a date that never was", f"{HEADER}\n{row('1', opened='99/99/9999 99:99')}\n")
    yield _raw("csv", "a path as a reference", f"{HEADER}\n{row('../../etc/passwd')}\n")
    yield _raw("csv", "markup as a reference", f"{HEADER}\n{row('<script>alert(1)</script>')}\n")


def _documents() -> Iterator[Hostile]:
    def group(inside: str, head: str = "") -> str:
        return f'<?xml version="1.0"?>{head}<DeathRegistrationGroup xmlns="{GRO}">{inside}</DeathRegistrationGroup>'

    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    quadratic = f'<!DOCTYPE a [<!ENTITY b "{"x" * 100_000}">]>'
    outside = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]>'
    parameter = '<!DOCTYPE a [<!ENTITY % b SYSTEM "http://127.0.0.1:1/b"> %b;]>'
    yield _raw("xml", "a billion laughs", group("&l11;", f'<!DOCTYPE a [<!ENTITY l0 "ha">{laughs}]>'))
    yield _raw("xml", "an entity repeated a thousand times", lambda: group("&b;" * 1_000, quadratic))
    yield _raw("xml", "an entity from outside", group("&b;", outside))
    yield _raw("xml", "a parameter entity from outside", group("", parameter))
    for depth in (300, 200_000):
        yield _raw("xml", f"{depth} elements deep", group("<a>" * depth + "</a>" * depth))
    yield _raw("xml", "cut off in an element", group("<DeathRegistration>")[:-40])
    yield _raw("xml", "a million attributes", lambda: group("<a " + " ".join(f"b{n}=''" for n in range(1_000_000)) + "/>"))
    yield _raw("xml", "an attribute of ten megabytes", lambda: group(f'<a b="{"x" * 10_000_000}"/>'))
    yield _raw("xml", "seventeen megabytes", lambda: group("<a/>" * 4_300_000))
    yield _raw("xml", "a million elements", lambda: group("<DeathRegistration/>" * 700_000))
    yield _raw("xml", "another document", "<html><body>Back soon</body></html>")
    yield _raw("xml", "UTF-16 that is none", '<?xml version="1.0" encoding="UTF-16"?><a/>')
    yield _raw("xml", "an encoding nobody knows", '<?xml version="1.0" encoding="x-none"?><a/>')
    yield _raw("xml", "a NUL", group("\0"))
    yield _raw("xml", "a count of a trillion", group(f"<RecordCount>{10**12}</RecordCount>"))
    yield _raw("xml", "an inclusion", group('<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/hostname"/>'))
    yield _raw("dwp", "a trailer that counts a trillion", f"HDR|DWP-COC|2|2026-11-20T02:00:00Z\nTRL|{10**12}\n")
    yield _raw("dwp", "a million bars", f"HDR|DWP-COC|2|x\nCOC{'|' * 1_000_000}\nTRL|1")
    yield _raw("dwp", "a header alone", "HDR|DWP-COC|2|2026-11-20T02:00:00Z")
    yield _raw("dwp", "line ends of another world", "HDR|DWP-COC|2|x\x85COC|\u2028TRL|1")
    yield _raw("jwt", "a token that nobody signed", "eyJhbGciOiJub25lIn0.e30.")
    yield _raw("jwt", "dots", "." * 1_000_000)
    yield _raw("jwt", "a token of ten megabytes", "a" * 10_000_000)


def packed(parts: dict[str, bytes | str], base: bytes = b"") -> bytes:
    """A package of these parts in the place of those that a good workbook has."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(base or workbook([job(1)]))) as good, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name in good.namelist():
            if name not in parts:
                package.writestr(name, good.read(name))
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


def sheet(rows: str, head: str = "") -> dict[str, bytes | str]:
    """A sheet that says this."""
    return {"xl/worksheets/sheet1.xml": f'<?xml version="1.0"?>{head}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'}


def _headed(rows: str) -> str:
    names = "".join(f'<c r="{chr(65 + n)}1" t="inlineStr"><is><t>{name}</t></is></c>' for n, name in enumerate(CELLS))
    return f'<row r="1">{names}</row>{rows}'


def _workbooks() -> Iterator[Hostile]:
    good, laughs = workbook([job(1)]), "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    cell = '<c r="A2"><v>1</v></c>'
    yield _raw("xlsx", "a zip bomb in the sheet", lambda: packed(sheet(" " * 300_000_000)))
    yield _raw("xlsx", "a zip bomb beside the sheet", lambda: packed({"xl/media/image1.png": bytes(200_000_000)}))
    yield _raw("xlsx", "ten thousand parts", lambda: packed({f"xl/media/{n}": b"" for n in range(10_000)}))
    yield _raw("xlsx", "an entity bomb", lambda: packed(sheet("&l11;", f'<!DOCTYPE a [<!ENTITY l0 "ha">{laughs}]>')))
    yield _raw("xlsx", "200,000 elements deep", lambda: packed(sheet("<a>" * 200_000 + "</a>" * 200_000)))
    yield _raw(
        "xlsx", "a million texts", lambda: packed({"xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{"<si><t/></si>" * 1_000_000}</sst>'})
    )
    yield _raw("xlsx", "a row number of a trillion", lambda: packed(sheet(_headed(f'<row r="{10**12}">{cell}</row>'))))
    yield _raw(
        "xlsx",
        "a column far to the right",
        packed(sheet(_headed("".join(f'<row r="{n}"><c r="XFD{n}"><v>1</v></c></row>' for n in range(2, 3_000))))),
    )
    yield _raw("xlsx", "a text that is not there", lambda: packed(sheet(_headed('<row r="2"><c r="A2" t="s"><v>999999999</v></c></row>'))))
    yield _raw("xlsx", "a style that is not there", lambda: packed(sheet(_headed('<row r="2"><c r="A2" s="99999"><v>1</v></c></row>'))))
    yield _raw("xlsx", "a number beyond numbers", lambda: packed(sheet(_headed('<row r="2"><c r="A2"><v>1e99999</v></c></row>'))))
    yield _raw("xlsx", "a cell nowhere", lambda: packed(sheet(_headed('<row r="2"><c r="!!"><v>1</v></c></row>'))))
    yield _raw("xlsx", "a row of a million cells", lambda: packed(sheet(_headed(f'<row r="2">{"<c><v>1</v></c>" * 300_000}</row>'))))
    yield _raw("xlsx", "a million empty rows", lambda: packed(sheet(_headed("<row/>" * 1_000_000))))
    yield _raw("xlsx", "a sheet that is not XML", lambda: packed({"xl/worksheets/sheet1.xml": b"\0" * 1_000}))
    yield _raw("xlsx", "no sheet", lambda: packed({"xl/workbook.xml": f'<workbook xmlns="{MAIN}"/>'}))
    yield _raw("xlsx", "parts of other folders", lambda: packed({"../../etc/passwd": b"x", "xl/workbook.xml": b"<a/>"}))
    yield _raw("xlsx", "cut off", good[: len(good) // 2])
    yield _raw("xlsx", "spoilt in the middle", good[:400] + bytes(400) + good[800:])
    yield _raw("xlsx", "a directory that lies about sizes", good.replace(b"PK\x01\x02", b"PK\x01\x02", 1)[:-20] + b"\xff" * 20)
    yield _raw("xlsx", "the workbook of another age", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(20_000))
    yield _raw("xlsx", "a formula as a reference", workbook([("=cmd|' /C calc'!A0", *job(1)[1:])]))
    yield _raw("xlsx", "a page of HTML", "<html><table><tr><td>Ref</td></tr></table></html>")


def _rubbish(random: Random) -> Iterator[Hostile]:
    for drop in ("csv", "xml", "dwp", "jwt", "xlsx"):
        yield _raw(drop, "nothing", b"")
        yield _raw(drop, "random bytes", random.randbytes(200_000))
        yield _raw(drop, "a packed file", b"PK\x03\x04" + random.randbytes(5_000))
        yield _raw(drop, "a program", b"\x7fELF" + random.randbytes(5_000))
        yield _raw(drop, "one byte over and over", bytes([random.randrange(256)]) * 1_000_000)
        yield _raw(drop, "line ends", b"\r\n" * 400_000)
