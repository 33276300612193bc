"""Every version there has been of each recipient's notices: `schemas/notices/<agreement>.v<N>.avsc`, written once and never edited.

The newest says what the agreement lists now. The earlier ones are kept because records written under them may still be read.
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from hub.contracts.subjects import Registered
from hub.contracts.topics import Compatibility
from hub.model.errors import Misconfigured
from hub.sharing.agreement import NoticeAgreement
from hub.sharing.notices import notice_schema
from hub.sharing.wire import TOPIC, content_id, schema_text

_FILE = re.compile(r"(?P<agreement>[a-z][a-z0-9-]*)\.v(?P<version>[1-9][0-9]*)\.avsc")


def notice_subject(agreement: str) -> str:
    """The name under which Confluent's serialisers look for the schema of the values on this recipient's topic."""
    return f"{TOPIC}{agreement}-value"


def notice_versions(schemas: Path) -> tuple[Registered, ...]:
    """All that were written into this folder of schemas; raises Misconfigured for a file that is not named for an agreement and version."""
    return tuple(_read(path) for path in sorted((schemas / "notices").glob("*.avsc")))


def _read(path: Path) -> Registered:
    named = _FILE.fullmatch(path.name)
    if named is None:
        raise Misconfigured(str(path), "is not named <agreement>.v<N>.avsc")
    text = path.read_text("utf-8").strip()
    return Registered(
        subject=notice_subject(named["agreement"]), version=int(named["version"]), id=content_id(text), text=text,
        level=Compatibility.FULL_TRANSITIVE,
    )  # fmt: skip


def unwritten(agreements: Mapping[str, NoticeAgreement], written: Iterable[Registered]) -> tuple[Registered, ...]:
    """For each agreement whose newest version does not say what it lists now, the version that would."""
    newest = {each.subject: each for each in sorted(written, key=lambda each: each.version)}
    found = []
    for agreement in agreements.values():
        subject, text = notice_subject(agreement.id), schema_text(notice_schema(agreement))
        last = newest.get(subject)
        if last is None or last.text != text:
            version = 1 if last is None else last.version + 1
            level = Compatibility.FULL_TRANSITIVE
            found.append(Registered(subject=subject, version=version, id=content_id(text), text=text, level=level))
    return tuple(found)
