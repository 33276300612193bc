"""Of schemas: whether what is written can be read, by those who look schemas up and by those who said what they read."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from hub.cli.composition import House
from hub.cli.doctor.faults import Finding, found
from hub.cli.schemas import held
from hub.contracts.subjects import Registered, event_subjects
from hub.sharing.readers import broken, newest_by_record, read_readers
from hub.sharing.versions import notice_versions
from hub.shipped import shipped

if TYPE_CHECKING:
    from httpx2 import Client

_NO_SUBJECT = 404


def readers(house: House) -> Iterator[Finding]:
    """Whether what partners said they read is still said."""
    schemas = shipped("schemas")
    newest = newest_by_record([*event_subjects(house.contracts), *notice_versions(schemas)])
    for each in broken(read_readers(schemas), newest, newest):
        yield found("schema-incompatible", f"{each.record}#{each.field}", f"{each.partner} reads it, and it {each.why}")


def registry(house: House) -> Iterator[Finding]:
    """Whether an external registry has every schema, under the id that stands in the records."""
    url = house.settings.registry.url
    if not url:
        return
    import httpx2

    with httpx2.Client(base_url=url, timeout=10) as client:
        try:
            for versions in held().named.values():
                yield from _registered(client, versions[-1])
        except httpx2.HTTPError as error:
            yield found("registry-unreachable", url, f"does not answer ({type(error).__name__})")


def _registered(client: "Client", ours: Registered) -> Iterator[Finding]:
    answer = client.post(f"/subjects/{ours.subject}", json={"schema": ours.text})
    if answer.is_success:
        theirs: Any = answer.json().get("id")
        if theirs != ours.id:
            yield found("schema-incompatible", ours.subject, f"the registry has it under the id {theirs}, records name {ours.id}")
    elif answer.status_code == _NO_SUBJECT:
        yield found("schema-missing", ours.subject, f"the registry does not have version {ours.version}")
    else:
        answer.raise_for_status()
