"""The routes about cases."""

from http import HTTPStatus
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Path

from hub.commands import CASE, CONTACT
from hub.commands.case import AcceptHandOff, HandOff, InformCustomer, MakePromise, OpenCase, ReopenCase, ResolveCase, ReturnHandOff
from hub.privacy.ids import derived_id
from hub.web.answers import Done
from hub.web.bodies import Acceptance, CaseResolution, Informing, NewCase, NewHandoff, NewPromise, Reopening, Return
from hub.web.desk import Asking, Desk
from hub.web.fields import KEY, Body

CaseId = Annotated[str, Path(pattern=KEY)]
HandoffId = Annotated[str, Path(pattern=KEY)]
B = TypeVar("B", bound=Body)


def case_commands(desk: Desk) -> APIRouter:
    """What may be done with cases."""
    routes = APIRouter(prefix="/v1/cases", tags=["cases"])

    @routes.post("", status_code=HTTPStatus.CREATED)
    async def open_case(body: NewCase, asking: Asking) -> Done:
        """Take on a piece of work for somebody."""
        await desk.exists(CONTACT, body.contact_id)
        await desk.exists(CASE, body.parent_case_id)
        case_id = derived_id("case", asking.key)
        asking.response.headers["Location"] = f"/v1/cases/{case_id}"
        routed = await desk.routed(body.uprn, body.service)
        return await desk.ask(CASE, case_id, asking, desk.command(OpenCase, body, case_id=case_id, **routed))

    @routes.post("/{case_id}/hand-offs", status_code=HTTPStatus.CREATED)
    async def hand_off(case_id: CaseId, body: NewHandoff, asking: Asking) -> Done:
        """Pass the work on to a specialist team."""
        handoff_id = derived_id("handoff", asking.key)
        command = desk.command(HandOff, body, case_id=case_id, handoff_id=handoff_id)
        return (await desk.ask(CASE, case_id, asking, command)).model_copy(update={"handoff_id": handoff_id})

    for path, kind, shape in _SETTLING:
        _add_settling(routes, desk, path, kind, shape)
    for path, kind, shape in _PLAIN:
        _add_plain(routes, desk, path, kind, shape)
    return routes


_SETTLING: tuple[tuple[str, type[Any], type[Body]], ...] = (("acceptance", AcceptHandOff, Acceptance), ("return", ReturnHandOff, Return))
_PLAIN: tuple[tuple[str, type[Any], type[Body]], ...] = (
    ("informing", InformCustomer, Informing),
    ("resolution", ResolveCase, CaseResolution),
    ("reopening", ReopenCase, Reopening),
    ("promises", MakePromise, NewPromise),
)


def _add_settling(routes: APIRouter, desk: Desk, path: str, kind: type[Any], shape: type[B]) -> None:
    async def settle(case_id: CaseId, handoff_id: HandoffId, body: shape, asking: Asking) -> Done:  # type: ignore[valid-type]  # read at run time
        command = desk.command(kind, body, case_id=case_id, handoff_id=handoff_id)
        return (await desk.ask(CASE, case_id, asking, command)).model_copy(update={"handoff_id": handoff_id})

    route = f"/{{case_id}}/hand-offs/{{handoff_id}}/{path}"
    routes.add_api_route(route, settle, methods=["POST"], name=kind.__name__, description=kind.__doc__)


def _add_plain(routes: APIRouter, desk: Desk, path: str, kind: type[Any], shape: type[B]) -> None:
    async def tell(case_id: CaseId, body: shape, asking: Asking) -> Done:  # type: ignore[valid-type]  # read at run time
        await desk.exists(CONTACT, getattr(body, "contact_id", None))
        return await desk.ask(CASE, case_id, asking, desk.command(kind, body, case_id=case_id))

    routes.add_api_route(f"/{{case_id}}/{path}", tell, methods=["POST"], name=kind.__name__, description=kind.__doc__)
