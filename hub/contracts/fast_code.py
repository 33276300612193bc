"""The source text of one decoding function, and the regular expressions it runs, for frames of ordinary shape.

A flat record of short texts is a regular language: a text of three is its length byte 6 and three characters. So one regular expression
per schema checks lengths, branches, words, truth values and numbers of a whole frame in C, and its groups are the needed fields. It is run
over the frame read as Latin-1, one character per byte: where all characters of a stretch are ASCII, texts are slices of it and need no
decoding. Only sealed fields, longer than a regular expression can count, are stepped over by code.

A frame of ordinary shape has texts of up to 63 ASCII characters, instants between 1979 and 2106, dates from 1970 on and empty lists;
everything else goes to `slow`. No branch of a pattern shares its first byte with another, so a match that fails, fails in one pass.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from hub.contracts.schema import Field, Kind, Schema

Lines = list[str]

_SLOW = "return slow(frame)"
_PLAIN_KINDS = (Kind.TEXT, Kind.BOOLEAN, Kind.ENUMERATION)  # all their bytes are below 128 in a frame of ordinary shape
_SHORT_TEXTS = (36, 0, *range(1, 36), *range(37, 64))  # the usual lengths first: ids, and nothing

_LONG_ENDING = r"[\x80-\xff]{{1,{more}}}[\x01-\x7f]"
_PATTERNS: Mapping[Kind, str] = {
    Kind.TEXT: "(?:" + "|".join(rf"\x{length << 1:02x}.{{{length}}}" for length in _SHORT_TEXTS) + ")",
    Kind.BOOLEAN: r"[\x00\x01]",
    Kind.INT: rf"(?:[\x00-\x7f]|{_LONG_ENDING.format(more=3)})",
    Kind.LONG: rf"(?:[\x00-\x7f]|{_LONG_ENDING.format(more=7)})",
    Kind.DOUBLE: r".{6}(?:[\x00-\xef].|.[^\x7f\xff])",  # finite: not all bits of the exponent are set
    Kind.INSTANT: r"[\x80-\xff]{7}[\x01-\x7f]",
    Kind.DATE: f"[{''.join(chr(even) for even in range(0x80, 0x100, 2))}]" + r"[\x80-\xff][\x01-\x7f]",  # even: not before 1970
    Kind.LIST: r"\x00",
}


class Pattern(NamedTuple):
    """A regular expression, the names of its groups in order, and those of them that must be ASCII throughout."""

    text: str
    groups: tuple[str, ...]
    ascii_groups: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FastCode:
    """The source of `fast(frame)`, and the regular expressions it knows as `match0`, `match1` and so on."""

    source: str
    patterns: tuple[str, ...]


def fast_code(schema: Schema, needed: Collection[str], constants: Mapping[str, str]) -> FastCode:
    """A function that sets the `needed` fields and, from `constants`, those this version of the schema did not have yet."""
    patterns: list[str] = []
    body: Lines = ['said = frame.decode("latin-1")', "o = Draft()", "i = 5"]
    for sealed, run in groupby(schema.fields, key=lambda field: field.type.kind is Kind.SEALED):
        if sealed:
            body += [line for field in run for line in _sealed(field, wanted=field.name in needed)]
        else:
            fields = tuple(run)
            pattern = _pattern(fields, needed)
            body += _matched(fields, pattern, f"match{len(patterns)}", needed)
            patterns.append(pattern.text)
    body += [f"if i != len(frame): {_SLOW}"]
    body += [f"o.{name} = {constant}" for name, constant in constants.items()]
    body += ["o.__class__ = Event", "return o"]
    source = "\n".join(["def fast(frame):", "    try:", *_in(body, 2), "    except FAULTS:", f"        {_SLOW}", ""])
    return FastCode(source=source, patterns=tuple(patterns))


def _pattern(fields: Sequence[Field], needed: Collection[str]) -> Pattern:
    text = ""
    groups: list[str] = []
    ascii_groups: list[str] = []
    for plain, run in groupby(fields, key=lambda field: field.type.kind in _PLAIN_KINDS):
        stretch = list(run)
        inner = "".join(_field_pattern(field, wanted=field.name in needed) for field in stretch)
        names = [_variable(field) for field in stretch if field.name in needed]
        if not plain or not any(field.type.kind is Kind.TEXT for field in stretch):
            text += inner
        elif len(stretch) == len(names) == 1 and not stretch[0].optional:
            text += inner
            ascii_groups += names
        else:
            text += f"({inner})"
            names.insert(0, f"stretch{len(ascii_groups)}")
            ascii_groups.append(names[0])
        groups += names
    return Pattern(text, tuple(groups), tuple(ascii_groups))


def _field_pattern(field: Field, *, wanted: bool) -> str:
    symbols = field.type.symbols[:64]
    value = "[" + "".join(rf"\x{index << 1:02x}" for index in range(len(symbols))) + "]" if symbols else _PATTERNS[field.type.kind]
    if wanted:
        value = f"({value})" if field.type.kind in _PLAIN_KINDS else f"(){value}"
    return rf"(?:\x00|\x02{value})" if field.optional else value


def _variable(field: Field) -> str:
    return f"x_{field.name}"


def _matched(fields: Sequence[Field], pattern: Pattern, match: str, needed: Collection[str]) -> Lines:
    lines = [f"m = {match}(said, i)", f"if m is None: {_SLOW}", "i = m.end()"]
    if pattern.groups:
        lines += [f"{', '.join(pattern.groups)}, = m.groups()"]
    if pattern.ascii_groups:
        lines += [f"if not ({' and '.join(f'{group}.isascii()' for group in pattern.ascii_groups)}): {_SLOW}"]
    for field in fields:
        if field.name in needed:
            lines += _kept(field, pattern.groups.index(_variable(field)) + 1)
    return lines


def _kept(field: Field, group: int) -> Lines:
    """How a needed field comes out of its group: plain kinds by its text, the others by where it begins."""
    if field.type.kind in (Kind.BOOLEAN, Kind.ENUMERATION):
        table = "TRUTH" if field.type.kind is Kind.BOOLEAN else f"WORDS_{field.type.name}"
        return [f"o.{field.name} = {table}[{_variable(field)}]"]
    lines = [line.format(name=field.name, text=_variable(field), at=f"m.start({group})") for line in _CONVERSIONS[field.type.kind]]
    if not field.optional:
        return lines
    return [f"if {_variable(field)} is None: o.{field.name} = None", "else:", *_in(lines, 1)]


def _sealed(field: Field, *, wanted: bool) -> Lines:
    present = [
        "n = frame[i]",
        "i += 1",
        "if n > 127:",
        "    c = frame[i]",
        f"    if not 0 < c < 128: {_SLOW}",
        "    n = n & 127 | c << 7",
        "    i += 1",
        f"if n & 1: {_SLOW}",
        "j = i + (n >> 1)",
        *([f"o.{field.name} = Sealed(frame[i:j]) if i < j else ERASED"] if wanted else []),
        "i = j",
    ]
    if not field.optional:
        return present
    absent = [f"    o.{field.name} = None"] if wanted else []
    return ["b = frame[i]", "i += 1", "if b == 2:", *_in(present, 1), f"elif b: {_SLOW}", *(["else:", *absent] if absent else [])]


def _in(lines: Sequence[str], levels: int) -> Lines:
    return ["    " * levels + line for line in lines]


_CONVERSIONS: Mapping[Kind, Lines] = {
    Kind.TEXT: ["o.{name} = {text}[1:]"],
    Kind.INT: ["o.{name} = number(frame, {at})[0]"],
    Kind.LONG: ["o.{name} = number(frame, {at})[0]"],
    Kind.DOUBLE: ["o.{name}, = double(frame, {at})"],
    Kind.INSTANT: [
        "p, q, r, s = halves(frame, {at})",
        "o.{name} = instant((HALF0[p] + HALF1[q] + HALF2[r] + HALF3[s]) / 2000000.0, UTC)",
    ],
    Kind.DATE: ["o.{name} = day(DAY_ONE + number(frame, {at})[0])"],
    Kind.LIST: ["o.{name} = ()"],
}
