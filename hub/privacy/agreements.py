"""Who is told of which life events, which fields and why: the agreements of kind tell-us-once, read and checked whole.

Each file decides on every kind of life event: what is told, each field with its reason, or why nothing is. What is incomplete, or rests
on a reference that nobody supplies, is refused with file and line before anything starts.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import Field, StringConstraints, model_validator

from hub.configuration import Configuration, checked, load_document
from hub.model.errors import Misconfigured
from hub.privacy.organisations import AgreementKind, Partnership
from hub.privacy.partnership import Id, is_tell_us_once, load_partnership
from hub.sharing.agreement import OFFERED, Delivery, LifeEventKind, NoReference, NoticeAgreement, NotNeeded, Status, Told, Transport

Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=12)]
"""Why, in so many words that it says something."""


class WrittenLifeEvent(Configuration):
    """What an agreement decides on one kind of life event."""

    fields: dict[str, Reason] = Field(default_factory=dict)
    not_needed: Reason | None = None

    @model_validator(mode="after")
    def _decided(self) -> Self:
        if bool(self.fields) == (self.not_needed is not None):
            raise ValueError("names either `fields`, each with its reason, or `not_needed` with the reason")
        return self


class WrittenLifeEvents(Configuration):
    """Every kind of life event is decided on."""

    bereavement: WrittenLifeEvent
    move: WrittenLifeEvent
    birth: WrittenLifeEvent
    unemployment: WrittenLifeEvent


class WrittenNoticeAgreement(Configuration):
    """One file of `agreements/` of kind tell-us-once; it is named for its file."""

    kind: Annotated[str, Field(pattern="^tell-us-once$")]
    name: Sentence
    status: Status
    controller: Id
    recipient: Id
    purpose: Sentence
    basis: Sentence
    condition: Sentence | None = None
    valid_from: date
    valid_to: date
    transport: Transport
    delivery: Delivery
    retention_days: Annotated[int, Field(ge=1, le=90)]
    acknowledge_days: Annotated[int, Field(ge=1, le=20)]
    act_days: Annotated[int, Field(ge=1, le=60)]
    reference_source: Id | None = None
    if_no_reference: NoReference
    by_choice: bool
    settle_minutes: Annotated[int, Field(ge=0, le=10_080)]
    contact: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$")]
    life_events: WrittenLifeEvents

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.valid_to < self.valid_from:
            raise ValueError("ends before it begins: valid_to is earlier than valid_from")
        if self.act_days < self.acknowledge_days:
            raise ValueError("is to be acted on before it is to be acknowledged: act_days is less than acknowledge_days")
        if self.reference_source is None and self.if_no_reference is NoReference.WITHHOLD:
            raise ValueError("withholds without a reference, but names no reference_source to supply one: nobody would ever be told")
        return self


def load_agreements(folder: Path, partnership: Partnership) -> Mapping[str, NoticeAgreement]:
    """The tell-us-once agreements of this folder of policies, by id; raises Misconfigured with file, line and key."""
    paths = (path for path in sorted((folder / "agreements").glob("*.yaml")) if is_tell_us_once(path))
    return {path.stem: _agreement(path, partnership) for path in paths}


def agreed(folder: Path) -> Callable[[], Mapping[str, NoticeAgreement]]:
    """The agreements of this folder of policies, read once, when first asked for."""
    return cache(lambda: load_agreements(folder, load_partnership(folder)))


def expiring(agreements: Mapping[str, NoticeAgreement], on: date, days: int) -> tuple[NoticeAgreement, ...]:
    """Those in force that end within so many days, the first to end first."""
    return tuple(sorted((each for each in agreements.values() if each.expires_within(on, days)), key=lambda each: (each.valid_to, each.id)))


def _agreement(path: Path, partnership: Partnership) -> NoticeAgreement:
    document = load_document(path)
    written = checked(path, document, WrittenNoticeAgreement)
    for place, reason in _unsound(written, partnership):
        raise Misconfigured(f"{path}:{_line(document, place)}: {'.'.join(place)}", reason)
    decided = {kind: _decided(getattr(written.life_events, kind)) for kind in LifeEventKind}
    said = {name: getattr(written, name) for name in WrittenNoticeAgreement.model_fields if name not in {"kind", "life_events"}}
    return NoticeAgreement(id=path.stem, life_events=decided, **said)


def _decided(written: WrittenLifeEvent) -> Told | NotNeeded:
    return NotNeeded(why=written.not_needed) if written.not_needed is not None else Told(fields=dict(written.fields))


def _unsound(written: WrittenNoticeAgreement, partnership: Partnership) -> Iterator[tuple[tuple[str, ...], str]]:
    """What of an agreement does not fit the partnership or what there is to tell: the place and the reason."""
    if written.transport is Transport.CONNECTOR and written.status is Status.ACTIVE:
        yield ("transport",), "carries nothing yet, so only agreements that are inbound or disabled may say connector"
    for key in ("controller", "recipient"):
        if getattr(written, key) not in partnership.organisations:
            yield (key,), "names an organisation that organisations.yaml lacks"
    supplied = {name for each in partnership.agreements if each.kind is AgreementKind.IDENTITY for name in each.sources}
    if written.reference_source is not None and written.reference_source not in supplied:
        yield ("reference_source",), f"is supplied by nobody: no agreement of kind identity lists it (known: {', '.join(sorted(supplied))})"
    for kind in LifeEventKind:
        for name in getattr(written.life_events, kind).fields:
            if name not in OFFERED[kind]:
                yield ("life_events", kind, "fields", name), f"is nothing that a {kind} says (known: {', '.join(OFFERED[kind])})"


def _line(document: Any, place: tuple[str, ...]) -> int:
    line = 1
    for part in place:
        line = document.lc.data[part][0] + 1
        document = document[part]
    return line
