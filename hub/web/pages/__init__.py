"""The pages, and how to add one.

A page is a route in a module here: it is given the `Framework`, and gives a router. It asks for the visitor, asks the entrance before it
shows anything of anybody, and renders a template that extends `layout.html`:

    def example_pages(framework: Framework) -> APIRouter:
        routes = APIRouter()

        @routes.get("/example/{party_id}")
        async def example(request: Request, party_id: Annotated[str, Path(pattern=KEY)]) -> Response:
            visitor = await framework.signed_in(request, purpose=True)  # else: off to /sign-in or /purpose
            asked = Asked(record_class="person", controller=visitor.account.organisation, party=party_id)
            allowed = await framework.entrance.look(visitor, "/example/{party_id}", asked)  # recorded; or Refused, Unavailable
            values = masked(read(party_id), tagged_fields, allowed[asked])
            return framework.page(request, visitor, "example.html", values=values)

        return routes

and is named in `ROUTERS` below and, with its states, in tests/pages.yaml, by which it is tested: axe, keyboard, narrow screens, no
JavaScript, headers. What goes wrong (Refused, Unavailable, an unknown page) is answered by `wrong.py`: raise it.

- A form is `<form method="post">` with `{{ token() }}` in it; its route begins with `await framework.form(request)`, which refuses a form
  that was not made for this session. After a POST, answer `framework.go(path)`. What is wrong with a form is a list of
  `Wrong(field, words)`: `framework.page(..., wrong=[...], status=422)` shows it on top, beside the field, and in the title.
- Never put a personal value into an address, and never into what `framework.go` is given: ids of the hub only.
- Words are `{{ _("…") }}` in templates and `framework.words(request)("…")` in code; Welsh is in `hub/web/locale/cy`.
- No style or script within a page: the policy that browsers hold us to allows only what `/static` serves.
- A search of people is answered by `Find` (`find.py`); `person.py` has the one that searches.

`start.py` is the shortest whole example.
"""

from fastapi import FastAPI

from hub.web.desk import Desk
from hub.web.entrance import Entrance
from hub.web.gate import Application
from hub.web.pages.about import about_pages
from hub.web.pages.cases import case_pages
from hub.web.pages.complaint_forms import complaint_form_pages
from hub.web.pages.complaints import complaint_pages
from hub.web.pages.contact import contact_pages
from hub.web.pages.elsewhere import elsewhere_pages
from hub.web.pages.evidence import evidence_pages
from hub.web.pages.find import Find, find_pages, nobody_found
from hub.web.pages.framework import Framework
from hub.web.pages.held import held_pages
from hub.web.pages.insight import insight_pages
from hub.web.pages.life_event_start import life_event_start_pages
from hub.web.pages.life_events import life_event_pages
from hub.web.pages.operations import operations_pages
from hub.web.pages.own_record import own_record_pages
from hub.web.pages.person import finder, person_pages
from hub.web.pages.review import review_pages
from hub.web.pages.sign_in import sign_in_pages
from hub.web.pages.start import start_pages
from hub.web.pages.told import told_pages
from hub.web.pages.visits import visit_pages
from hub.web.pages.wrong import handle_what_goes_wrong
from hub.web.people_seen import People

__all__ = ["ROUTERS", "Find", "Framework", "pages"]

ROUTERS = (about_pages, case_pages, contact_pages, elsewhere_pages, held_pages, operations_pages, sign_in_pages, start_pages)

FOLLOWING = (life_event_start_pages, life_event_pages, visit_pages, told_pages)
"""Pages of life events; the form comes first, because `new` is no life event's id."""


def pages(desk: Desk, entrance: Entrance, people: People | None = None) -> Application:
    """The pages as one application, without a description: they are for people; without `people` nobody is found."""
    framework = Framework(desk=desk, entrance=entrance)
    made = FastAPI(title="FOSS Hub", openapi_url=None, docs_url=None, redoc_url=None)
    handle_what_goes_wrong(made, framework)
    for routes in ROUTERS:
        made.include_router(routes(framework))
    made.include_router(find_pages(framework, nobody_found if people is None else finder(people)))
    if desk.insight is not None:
        made.include_router(insight_pages(framework, desk.insight))
    if desk.levels is not None:
        made.include_router(complaint_form_pages(framework, desk.levels))
        made.include_router(complaint_pages(framework, desk.levels))
    if desk.tracker is not None:
        for follow in FOLLOWING:
            made.include_router(follow(framework, desk.tracker))
    if people is not None:
        made.include_router(person_pages(framework, people))
        made.include_router(evidence_pages(framework, people))
        made.include_router(review_pages(framework, people))
        made.include_router(own_record_pages(framework, people))
    return made
