"""Reads `organisations.yaml` and the agreements beside it, and says with file and line what in them cannot be so."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from hub.configuration import Configuration, checked, load_document
from hub.model.errors import Misconfigured
from hub.privacy.organisations import Agreement, AgreementKind, Organisation, OrganisationTier, Part, Partnership

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,63}$")]
Gss = Annotated[str, Field(pattern=r"^[EWSN][0-9]{8}$")]
Custodian = Annotated[str, Field(pattern=r"^[0-9]{4}$")]


class _Written(Configuration):
    valid_from: date
    valid_to: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError("ends before it begins: valid_to is earlier than valid_from")
        return self


class WrittenOrganisation(_Written):
    """One organisation as `organisations.yaml` lists it."""

    id: Id
    name: Annotated[str, Field(min_length=1)]
    part: Part
    tier: OrganisationTier
    gss: Gss | None = None
    custodian: Custodian | None = None
    county: Id | None = None
    processes_for: tuple[Id, ...] = ()
    successor: Id | None = None

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if (self.county is not None) != (self.tier is OrganisationTier.DISTRICT):
            raise ValueError("a district, and nothing else, names its county")
        if (self.part is Part.PROCESSOR) != bool(self.processes_for):
            raise ValueError("a processor, and nothing else, names those it processes for")
        if self.successor is not None and self.valid_to is None:
            raise ValueError("names a successor, but not its own last day (valid_to)")
        return self


class WrittenPartnership(Configuration):
    """`organisations.yaml`."""

    partnership: Annotated[str, Field(min_length=1)]
    organisations: tuple[WrittenOrganisation, ...] = Field(min_length=1)


class WrittenAgreement(_Written):
    """One file of `agreements/`; it is named for its file."""

    kind: AgreementKind
    giver: Id
    receivers: tuple[Id, ...] = Field(min_length=1)
    fields: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    basis: Annotated[str, Field(min_length=1)]
    condition: str | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        needed = ("fields", "roles", "purposes") if self.kind is AgreementKind.VIEW else ("sources",)
        if missing := [name for name in needed if not getattr(self, name)]:
            raise ValueError(f"an agreement of kind {self.kind} names its {', '.join(missing)}")
        return self


def load_partnership(folder: Path) -> Partnership:
    """The partnership that this folder of policies describes; raises Misconfigured with file, line and key."""
    path = folder / "organisations.yaml"
    document = load_document(path)
    written = checked(path, document, WrittenPartnership)
    organisations: dict[str, Organisation] = {}
    for place, each in enumerate(written.organisations):
        if each.id in organisations:
            raise Misconfigured(_at(path, document["organisations"], place, "id"), "names an organisation a second time")
        organisations[each.id] = Organisation(**{name: getattr(each, name) for name in WrittenOrganisation.model_fields})
    for place, organisation in enumerate(organisations.values()):
        for key, reason in _unsound(organisations, organisation):
            raise Misconfigured(_at(path, document["organisations"], place, key), reason)
    files = (each for each in sorted((folder / "agreements").glob("*.yaml")) if not is_tell_us_once(each))
    agreements = tuple(_agreement(each, organisations) for each in files)
    return Partnership(name=written.partnership, organisations=organisations, agreements=agreements)


def is_tell_us_once(path: Path) -> bool:
    """Whether this file says who is told of life events, which hub/privacy/agreements.py reads: seen by its line, unparsed."""
    try:
        return any(line.startswith(b"kind: tell-us-once") for line in path.read_bytes().splitlines())
    except OSError:
        return False


def _agreement(path: Path, organisations: dict[str, Organisation]) -> Agreement | Any:
    document = load_document(path)
    written = checked(path, document, WrittenAgreement)
    for key, named in (("giver", (written.giver,)), ("receivers", written.receivers)):
        if unknown := sorted(set(named) - organisations.keys()):
            raise Misconfigured(f"{path}:{document.lc.data[key][0] + 1}: {key}", f"names {unknown[0]}, which organisations.yaml lacks")
    return Agreement(id=path.stem, **{name: getattr(written, name) for name in WrittenAgreement.model_fields})


def _unsound(organisations: dict[str, Organisation], one: Organisation) -> Iterator[tuple[str, str]]:
    """What of an organisation does not fit the others: the key and the reason."""
    for key, named in (("county", one.county), ("successor", one.successor), *(("processes_for", each) for each in one.processes_for)):
        if named is not None and named not in organisations:
            yield key, f"names {named}, which is not listed"
    county = organisations.get(one.county or "")
    if county is not None and county.tier is not OrganisationTier.COUNTY:
        yield "county", f"names {county.id}, which is no county"
    if _goes_round(organisations, one):
        yield "successor", "leads back to the organisation itself"
    same = [other.id for other in organisations.values() if other.id != one.id and _overlap(one, other)]
    if one.custodian and any(organisations[other].custodian == one.custodian for other in same):
        yield "custodian", "is the code of another organisation at the same time"


def _goes_round(organisations: dict[str, Organisation], one: Organisation) -> bool:
    seen, at = {one.id}, one.successor
    while at is not None and at in organisations:
        if at in seen:
            return True
        seen.add(at)
        at = organisations[at].successor
    return False


def _overlap(one: Organisation, other: Organisation) -> bool:
    last_of_one, last_of_other = one.valid_to or date.max, other.valid_to or date.max
    return one.valid_from <= last_of_other and other.valid_from <= last_of_one


def _at(path: Path, listed: Any, place: int, key: str) -> str:
    line = listed[place].lc.data.get(key, (listed.lc.data[place][0],))[0]
    return f"{path}:{line + 1}: organisations.{place}.{key}"
