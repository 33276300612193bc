"""The routes about people: one person seen whole, and searching for one; each look is recorded before anything is shown."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ConfigDict, Field

from hub.people.standing import When
from hub.people.view import Moved
from hub.privacy.search_words import SearchKind
from hub.web import people_answers as answers
from hub.web.entrance import Refused
from hub.web.fields import KEY, Instant, Nothing
from hub.web.guard import denied
from hub.web.people_seen import NothingAsked, NotSearchable, People
from hub.web.problems import Problematic

CustomerId = Annotated[str, Path(pattern=KEY)]
AsOf = Annotated[Instant | Nothing, Query(description="True in the world by then; now, if left out.")]
KnownAt = Annotated[Instant | Nothing, Query(description="What we knew on: recorded by then; now, if left out.")]
_Said = Annotated[str, Field(min_length=1, max_length=120)]
ONE, SEARCH = "GET /v1/people/{customer_id}", "POST /v1/people/search"


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


def people_views(people: People) -> APIRouter:
    """What is shown of people."""
    routes = APIRouter(prefix="/v1/people", tags=["people"])

    @routes.get(
        "/{customer_id}", responses={308: {"description": "Absorbed by a merge: Location says by whom."}}, response_model=answers.Person
    )
    async def one(
        customer_id: CustomerId, request: Request, as_of: AsOf = None, known_at: KnownAt = None
    ) -> answers.Person | RedirectResponse:
        """One person, seen whole; what for is said in the header Hub-Purpose."""
        try:
            seen = await people.one(request.state.visitor, ONE, customer_id, When(as_of=as_of, known_at=known_at))
        except Refused as refused:
            raise denied(refused) from None
        if seen is None:
            raise Problematic(HTTPStatus.NOT_FOUND, "person-unknown", "No customer has this id.")
        if isinstance(seen, Moved):
            return RedirectResponse(f"/v1/people/{seen.to}", HTTPStatus.PERMANENT_REDIRECT)
        return answers.person(seen)

    @routes.post("/search")
    async def find(body: SearchBody, request: Request) -> answers.SearchAnswer:
        """Who may be meant; by name alone only how many. Everybody who is listed is recorded as seen."""
        try:
            return await people.look_for(request.state.visitor, SEARCH, body.facts())
        except Refused as refused:
            raise denied(refused) from None
        except NothingAsked:
            raise Problematic(HTTPStatus.UNPROCESSABLE_ENTITY, "nothing-to-search-by", "Give a fact somebody can be found by.") from None
        except NotSearchable:
            raise Problematic(HTTPStatus.FORBIDDEN, "not-searchable", "This purpose may not search by one of these facts.") from None

    return routes
