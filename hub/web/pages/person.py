"""One person on a page: what is held and who says so, why each value counts, what we knew on a day, and what is open."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from starlette.exceptions import HTTPException

from hub.people.standing import When
from hub.people.view import Moved
from hub.privacy.search_words import SearchKind
from hub.web import people_answers as answers
from hub.web.entrance import Visitor
from hub.web.fields import KEY
from hub.web.pages.find import Find, Hit, Hits
from hub.web.pages.framework import Framework
from hub.web.people_seen import NothingAsked, NotSearchable, People

CustomerId = Annotated[str, Path(pattern=KEY)]
Day = Annotated[str, Query(pattern=r"^(20\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01]))?$")]
LABELS: Mapping[str, str] = {
    "names": "Name",
    "born": "Date of birth",
    "sex": "Sex",
    "died": "Died",
    "addresses": "Address",
    "phones": "Phone",
    "emails": "E-mail",
    "nino": "National Insurance number",
    "nhs_number": "NHS number",
    "references": "References",
    "source_reference": "Number in its own system",
    "access_needs": "Needs",
    "warnings": "Before you meet them",
}
WHY: Mapping[str, str] = {
    "only-value": "Every source that says anything says this.",
    "most-sources": "More sources say this than anything else.",
    "newest": "As many sources say something else; this was said last.",
    "also-said": "Said too, by fewer sources or earlier.",
}


def person_pages(framework: Framework, people: People) -> APIRouter:
    """The person, and why each value."""
    routes = APIRouter()

    async def seen(request: Request, customer_id: str, known_on: str) -> tuple[Visitor, answers.Person | Moved]:
        visitor = await framework.signed_in(request, purpose=True)
        found = await people.one(visitor, request.scope["route"].path, customer_id, _then(known_on))
        if found is None:
            raise HTTPException(404)
        return visitor, found if isinstance(found, Moved) else answers.person(found)

    @routes.get("/people/{customer_id}")
    async def person(request: Request, customer_id: CustomerId, known_on: Day = "") -> Response:
        visitor, found = await seen(request, customer_id, known_on)
        if isinstance(found, Moved):
            return framework.go(f"/people/{found.to}")
        return framework.page(request, visitor, "person.html", person=found, labels=LABELS, why=WHY, shown=shown, known_on=known_on)

    @routes.get("/people/{customer_id}/why/{field}")
    async def why(request: Request, customer_id: CustomerId, field: Annotated[str, Path(pattern=r"^[a-z_]{3,20}$")]) -> Response:
        visitor, found = await seen(request, customer_id, "")
        if isinstance(found, Moved):
            return framework.go(f"/people/{found.to}/why/{field}")
        fact = next((each for each in found.facts if each.field == field), None)
        if fact is None:
            raise HTTPException(404)
        return framework.page(request, visitor, "person_why.html", person=found, fact=fact, labels=LABELS, why=WHY, shown=shown)

    return routes


def _then(known_on: str) -> When:
    """The end of the day that was picked: what we knew on it."""
    if not known_on:
        return When()
    try:
        day = datetime.strptime(known_on, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise HTTPException(404) from None
    return When(known_at=day + timedelta(days=1))


def shown(value: answers.Value) -> str:
    """A value as people read it; words of the page where it is held and not shown."""
    if value.masked:
        return "Held, not shown"
    return _text(value.value)


def _text(value: Any) -> str:
    if not isinstance(value, dict):
        return str(value)
    parts = [str(value[name]) for name in _IN_ORDER if value.get(name)]
    return " ".join(parts) if parts else ", ".join(str(part) for part in value.values() if part)


_IN_ORDER = ("title", "forename", "middle", "surname", "text", "postcode", "number", "address", "scheme", "value")


def finder(people: People) -> Find:
    """Finds people by what the form says: one line of words, and a birth date."""

    async def find(visitor: Visitor, said: Mapping[str, str]) -> Hits:
        try:
            answer = await people.look_for(visitor, "/find", _given(said))
        except (NothingAsked, NotSearchable):
            return Hits(count=0)
        hits = [_hit(each) for each in answer.hits]
        return Hits(count=answer.people, hits=hits)

    return find


def _given(said: Mapping[str, str]) -> dict[SearchKind, str]:
    """The kind of fact that the words are: figures alone are a phone number, figures among letters a postcode or a reference."""
    words = said.get("words", "")
    compact = words.replace(" ", "").replace("+", "")
    if compact.isdigit():
        kind = SearchKind.PHONE
    elif any(letter.isdigit() for letter in words):
        kind = SearchKind.POSTCODE if len(compact) <= _LONGEST_POSTCODE and compact[:1].isalpha() else SearchKind.REFERENCE
    else:
        kind = SearchKind.NAME
    return {kind: words} | ({SearchKind.BORN: said["born"]} if said.get("born") else {})


_LONGEST_POSTCODE = 7


def _hit(hit: answers.Hit) -> Hit:
    first = {fact.field: shown(fact.values[0]) for fact in hit.facts}
    details = {LABELS[field]: text for field, text in first.items() if field in {"born", "addresses"}}
    return Hit(path=f"/people/{hit.customer_id}", name=first.get("names", "Name not shown"), details=details)
