"""The routes about people: one person seen whole, and searching for one; each look is recorded before anything is shown."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ConfigDict, Field

from hub.people.person import CLASS_OF, facts
from hub.people.searching import Count, Hits, Search
from hub.people.standing import When
from hub.people.view import Found, Moved, View, sights
from hub.privacy.access import Act, Allowed, Asked
from hub.privacy.search_words import FIELD_OF, SearchKind, asked_words
from hub.web import people_answers as answers
from hub.web.entrance import Entrance, Refused, Visitor
from hub.web.fields import KEY, Instant, Nothing
from hub.web.guard import denied
from hub.web.problems import Problematic
from hub.web.threads import Threads

CustomerId = Annotated[str, Path(pattern=KEY)]
AsOf = Annotated[Instant | Nothing, Query(description="True in the world by then; now, if left out.")]
KnownAt = Annotated[Instant | Nothing, Query(description="What we knew on: recorded by then; now, if left out.")]
_Said = Annotated[str, Field(min_length=1, max_length=120)]


class SearchBody(BaseModel):
    """What is known of who is looked for; sent in a body, so that no address or log has it."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    name: _Said | None = None
    born: _Said | None = None
    postcode: _Said | None = None
    phone: _Said | None = None
    email: _Said | None = None
    nino: _Said | None = None
    nhs_number: _Said | None = None
    reference: _Said | None = None

    def facts(self) -> dict[SearchKind, str]:
        """The facts that were given, by their kind."""
        given = {name: getattr(self, name) for name in type(self).model_fields}
        return {SearchKind(name.replace("_", "-")): said for name, said in given.items() if said is not None}


def people_views(view: View, search: Search, entrance: Entrance, threads: Threads) -> APIRouter:
    """What is shown of people."""
    routes = APIRouter(prefix="/v1/people", tags=["people"])

    @routes.get("/{customer_id}", responses={308: {"description": "The customer was absorbed by a merge: Location says by whom."}})
    async def one(customer_id: CustomerId, request: Request, as_of: AsOf = None, known_at: KnownAt = None) -> answers.Person:
        """One person, seen whole; the purpose is in the header Hub-Purpose."""
        when = When(as_of=as_of, known_at=known_at)
        found = await threads.run(view.find, customer_id, when)
        match found:
            case None:
                await _allowed(entrance, request.state.visitor, request, *_nobody(request.state.visitor))
                raise Problematic(HTTPStatus.NOT_FOUND, "person-unknown", "No customer has this id.")
            case Moved():
                return RedirectResponse(f"/v1/people/{found.to}", HTTPStatus.PERMANENT_REDIRECT)  # type: ignore[return-value]  # as FastAPI has it
            case Found():
                asked = found.asked or _nobody(request.state.visitor)
                allowed = await _allowed(entrance, request.state.visitor, request, *asked)
                return answers.person(await threads.run(view.show, found, allowed, when))

    @routes.post("/search")
    async def find(body: SearchBody, request: Request) -> answers.SearchAnswer:
        """Who may be meant; by name alone only how many. Everybody who is listed is recorded as seen."""
        visitor, given = request.state.visitor, body.facts()
        if not given or not all(asked_words(kind, said) for kind, said in given.items()):
            raise Problematic(HTTPStatus.UNPROCESSABLE_ENTITY, "nothing-to-search-by", "Give a fact that somebody can be found by.")
        await _may_search(entrance, visitor, request, given)
        answer = await threads.run(search, visitor.account.organisation, given)
        if isinstance(answer, Count):
            return answers.SearchAnswer(people=answer.people, needs_one_more_fact=True, more=False, hits=[])
        return await _listed(entrance, visitor, request, answer)

    return routes


def _nobody(visitor: Visitor) -> tuple[Asked, ...]:
    """The question whether this visitor may look at people at all."""
    return (Asked(record_class="person", controller=visitor.account.organisation),)


async def _may_search(entrance: Entrance, visitor: Visitor, request: Request, given: Mapping[SearchKind, str]) -> None:
    """A kind that is hidden for the purpose is not searched by; raises Problematic."""
    fields, mine = {FIELD_OF[kind] for kind in given}, visitor.account.organisation
    asked = {CLASS_OF[field]: Asked(record_class=CLASS_OF[field], controller=mine, act=Act.SEARCH) for field in fields}
    search = "\n".join(f"{kind.value}={said}" for kind, said in sorted(given.items()))
    allowed = await _allowed(entrance, visitor, request, *asked.values(), search=search, partly=False)
    if any(field not in allowed[asked[CLASS_OF[field]]].searchable for field in fields):
        raise Problematic(HTTPStatus.FORBIDDEN, "not-searchable", "The policy does not let this purpose search by one of these facts.")


async def _listed(entrance: Entrance, visitor: Visitor, request: Request, hits: Hits) -> answers.SearchAnswer:
    """Those who may be seen, each look recorded."""
    asked = [
        Asked(record_class=name, controller=known.opened[-1].controller, party=known.standing.party_id)
        for known in hits.parties
        for name in ("person", "whereabouts")
    ]
    allowed = await _allowed(entrance, visitor, request, *asked) if asked else {}
    seen = {each.party for each in allowed}
    listed = [known for known in hits.parties if known.standing.party_id in seen]
    shown = [
        answers.Hit(
            customer_id=known.link.customer,
            party_id=known.standing.party_id,
            facts=[answers.fact(each) for each in facts([known], sights(allowed))],
        )
        for known in listed
    ]
    return answers.SearchAnswer(
        people=len({hit.customer_id or hit.party_id for hit in shown}), needs_one_more_fact=False, more=hits.more, hits=shown
    )


async def _allowed(
    entrance: Entrance, visitor: Visitor, request: Request, *asked: Asked, search: str = "", partly: bool = True
) -> Mapping[Asked, Allowed]:
    """What may be seen, recorded; raises Problematic where that is nothing."""
    route = f"{request.method} {request.scope['route'].path}"
    try:
        return await entrance.look(visitor, route, *asked, search=search, partly=partly)
    except Refused as refused:
        raise denied(refused) from None
