"""The hand-written fixture as cells: a question about the policy, and the answer it must give."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from hub.configuration import load_document
from hub.privacy.access import Act, Allowed, Asked, Denied, Policy, Reader, decide_access
from hub.privacy.accounts import Tie

EXPECTED = Path(__file__).with_name("expected.yaml")
HOME, PARTY = "borough-of-exampleton", "party-1"
_NOT_FIELDS = {"role", "purpose", "of", "for", "controller", "duty", "because", "tie", "refused", "yes", "no", "by"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One question, and what the answer must be."""

    reader: Reader
    asked: Asked
    field: str
    answer: str


def reader_of(said: Mapping[str, Any]) -> Reader:
    """The reader that a line of the fixture describes."""
    tie = said.get("tie", "")
    return Reader(
        account_id="somebody", role=said["role"], organisation=said.get("for", HOME), purpose=said.get("purpose"),
        reason=said.get("because"), duties=frozenset({said["duty"]} if "duty" in said else ()),
        ties={PARTY: Tie(tie)} if tie in Tie.__members__ else {}, colleagues=frozenset({PARTY} if tie == "COLLEAGUE" else ()),
    )  # fmt: skip


@cache
def cells() -> tuple[Cell, ...]:
    """Every cell of the fixture."""
    document = load_document(EXPECTED)
    return (*_sight(document["sight"]), *_writes(document["writes"]), *_searches(document["searches"]))


def _asked(said: Mapping[str, Any], act: Act, record_class: str) -> Asked:
    return Asked(record_class=record_class, controller=said.get("controller", said.get("for", HOME)), act=act, party=PARTY)


def _sight(lines: list[Mapping[str, Any]]) -> Iterator[Cell]:
    for said in lines:
        asked = _asked(said, Act.READ, said["of"])
        if "refused" in said:
            yield Cell(reader=reader_of(said), asked=asked, field="", answer=said["refused"])
        for field in said.keys() - _NOT_FIELDS:
            yield Cell(reader=reader_of(said), asked=asked, field=field, answer=said[field])


def _writes(lines: list[Mapping[str, Any]]) -> Iterator[Cell]:
    for said in lines:
        for answer in ("yes", "no"):
            for name in said[answer]:
                yield Cell(reader=reader_of(said), asked=_asked(said, Act.WRITE, name), field="", answer=answer)


def _searches(lines: list[Mapping[str, Any]]) -> Iterator[Cell]:
    for said in lines:
        yield Cell(reader=reader_of(said), asked=_asked(said, Act.SEARCH, said["of"]), field="", answer=" ".join(said["by"]))


def answer(policy: Policy, cell: Cell) -> str:
    """What the policy answers, in the fixture's words."""
    decided = decide_access(policy, cell.reader, cell.asked)
    if cell.asked.act is Act.WRITE:
        return "yes" if isinstance(decided, Allowed) else "no"
    if isinstance(decided, Denied):
        return decided.why.value
    return " ".join(sorted(decided.searchable)) if cell.asked.act is Act.SEARCH else decided.sight(cell.field).value
