"""What is done with complaints, as forms: log one, give it to somebody, answer it or say until when, take it further, change its rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from hub.clocks import london
from hub.clocks.levels import Known
from hub.clocks.packs import Pack
from hub.commands import CASE, COMPLAINT
from hub.commands import complaint_asks as asked
from hub.commands.complaint_facts import Complaint
from hub.contracts.complaint_words import ComplaintOutcome, ComplaintScheme, ComplaintSubject, HandlerGrade
from hub.contracts.vocabulary import Channel
from hub.privacy.access import Act
from hub.privacy.ids import derived_id
from hub.web import complaint_bodies as bodies
from hub.web.complaints import ComplaintId
from hub.web.entrance import Visitor
from hub.web.fields import Body
from hub.web.pages.commanding import body_of, carry_out, command_of, not_done
from hub.web.pages.complaints import may
from hub.web.pages.framework import Framework, Wrong


class _Made(NamedTuple):
    """A form that was filled in: what it says, by whom, and about which complaint."""

    request: Request
    visitor: Visitor
    said: Mapping[str, str]
    complaint_id: str
    facts: Complaint | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One thing that may be done: its path, the command, and what is said of each field that is wrong."""

    path: str
    kind: type[Any]
    shape: type[Body]
    template: str
    says: Mapping[str, str] = field(default_factory=dict)
    further: int = 0
    """It is about the stage after this many more."""


_TEAM = "Enter the team that is accountable"
_RULES = {"scheme": "Choose whose process it is", "policy": "Choose the rules that it is handled by"}
_REASON = "Enter the reason as one word or code without spaces, such as social-care"
LOG = Form(
    path="new", kind=asked.LogComplaint, shape=bodies.NewComplaint, template="complaint_new.html",
    says={
        "subject_type": "Choose what it is about", "team": _TEAM, "case_id": "Enter the id of a case that the hub knows",
        "service": "Enter the service code without spaces", "occurred_at": "Enter the day it was received, today or before", **_RULES,
    },
)  # fmt: skip
FORMS = (
    Form(
        path="allocate", kind=asked.AllocateComplaint, shape=bodies.Allocation, template="complaint_allocate.html",
        says={"team": "Enter their team", "post": "Enter their post, not their name", "grade": "Choose their grade"},
    ),
    Form(path="acknowledge", kind=asked.AcknowledgeComplaint, shape=bodies.Acknowledgement, template="complaint_acknowledge.html"),
    Form(
        path="answer", kind=asked.AnswerComplaint, shape=bodies.StageAnswer, template="complaint_answer.html",
        says={"outcome": "Choose what it came to", "post": "Enter the post that answers"},
    ),
    Form(
        path="interim", kind=asked.SendInterimResponse, shape=bodies.InterimResponse, template="complaint_interim.html",
        says={"promised_due": "Enter the day that the complainant was told, such as 27 3 2027", "reason": _REASON},
    ),
    Form(
        path="escalate", kind=asked.EscalateComplaint, shape=bodies.Escalation, template="complaint_escalate.html", further=1,
        says={"reason": "Choose why the complainant takes it further"},
    ),
    Form(
        path="reclassify", kind=asked.ReclassifyComplaint, shape=bodies.Reclassification, template="complaint_reclassify.html",
        says={"team": _TEAM, "reason": _REASON, **_RULES},
    ),
)  # fmt: skip


def complaint_form_pages(framework: Framework, levels: Known) -> APIRouter:
    """A form for each thing that may be done."""
    routes = APIRouter()

    @routes.get("/complaints/new")
    async def ask(request: Request) -> Response:
        visitor = await may(framework, request, "/complaints/new", act=Act.WRITE)
        made = _Made(request, visitor, {"organisation": framework.entrance.controller}, "", None)
        return await _shown(framework, levels, LOG, made, [])

    @routes.post("/complaints/new")
    async def log(request: Request) -> Response:
        fields = await framework.form(request)
        visitor = await may(framework, request, "/complaints/new", act=Act.WRITE)
        complaint_id = derived_id("complaint", fields.get("once", ""))
        made = _Made(request, visitor, fields, complaint_id, None)
        wrong = await _done(framework, levels, LOG, made)
        return await _shown(framework, levels, LOG, made, wrong) if wrong else framework.go(f"/complaints/{complaint_id}/logged")

    @routes.get("/complaints/{complaint_id}/logged")
    async def logged(request: Request, complaint_id: ComplaintId) -> Response:
        visitor = await may(framework, request, "/complaints/{complaint_id}/logged", complaint_id)
        return framework.page(request, visitor, "complaint_logged.html", complaint_id=complaint_id)

    for form in FORMS:
        _add(routes, framework, levels, form)
    return routes


def _add(routes: APIRouter, framework: Framework, levels: Known, form: Form) -> None:
    route = f"/complaints/{{complaint_id}}/{form.path}"

    @routes.get(route)
    async def ask(request: Request, complaint_id: ComplaintId) -> Response:
        visitor = await may(framework, request, route, complaint_id, Act.WRITE)
        facts = await _facts(framework, complaint_id)
        handler = facts.handler(facts.stage)
        said = {"stage": str(facts.stage + form.further), "post": handler.post or "" if handler and form.path == "answer" else ""}
        return await _shown(framework, levels, form, _Made(request, visitor, said, complaint_id, facts), [])

    @routes.post(route)
    async def do(request: Request, complaint_id: ComplaintId) -> Response:
        fields = await framework.form(request)
        visitor = await may(framework, request, route, complaint_id, Act.WRITE)
        made = _Made(request, visitor, fields, complaint_id, await _facts(framework, complaint_id))
        wrong = await _done(framework, levels, form, made)
        return await _shown(framework, levels, form, made, wrong) if wrong else framework.go(f"/complaints/{complaint_id}")


async def _facts(framework: Framework, complaint_id: str) -> Complaint:
    found = await framework.desk.threads.run(framework.desk.reading.find, COMPLAINT.state, complaint_id)
    if found.facts is None or found.facts.is_appeal:
        raise HTTPException(404)
    facts: Complaint = found.facts
    return facts


async def _done(framework: Framework, levels: Known, form: Form, made: _Made) -> list[Wrong]:
    """What is wrong with the form, or why the rules forbid it; nothing where it was done."""
    say = framework.words(made.request)
    body = body_of(form.shape, _fields(form, made), say)
    wrong = list(body) if isinstance(body, list) else await _unknown(framework, levels, body)
    if wrong or isinstance(body, list):
        return [Wrong(each.field, say(form.says.get(each.field, each.words))) for each in wrong]
    command = command_of(framework, form.kind, body, complaint_id=made.complaint_id)
    once = made.said.get("once", "")
    return not_done(await carry_out(framework, COMPLAINT, made.complaint_id, once, made.request, command), say)


def _fields(form: Form, made: _Made) -> Mapping[str, Any]:
    """The fields as the API's own: numbers, days as instants, and whose complaint it is, by which what is said stays theirs."""
    fields: dict[str, Any] = {name: value for name, value in made.said.items() if name != "occurred_at"}
    stage, until, received = made.said.get("stage", ""), day_of(made.said, "until"), day_of(made.said, "received")
    fields["stage"] = int(stage) if stage in {"1", "2", "3"} else None
    fields["subject"] = made.facts.subject if made.facts is not None else None
    fields["promised_due"] = london.after(until).isoformat() if until is not None else None
    if form is LOG and any(made.said.get(f"received-{part}") for part in _PARTS):
        fields["occurred_at"] = london.midnight(received).isoformat() if received is not None else "not a day"
    return fields


_PARTS = ("day", "month", "year")


def day_of(said: Mapping[str, str], name: str) -> date | None:
    """The day that the three fields of this name say, or None where they say none."""
    day, month, year = (said.get(f"{name}-{part}", "") for part in _PARTS)
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


async def _unknown(framework: Framework, levels: Known, body: Body) -> list[Wrong]:
    """What the form names and nobody has heard of, and a day that is still to come."""
    desk, wrong = framework.desk, []
    if (policy := getattr(body, "policy", None)) is not None and policy not in {each.name for each in await _rules(framework, levels)}:
        wrong.append(Wrong("policy", ""))
    if (case_id := getattr(body, "case_id", None)) is not None:
        known = await desk.threads.run(desk.commander.known, CASE, case_id)
        wrong += [] if known.state.known else [Wrong("case_id", "")]
    if body.occurred_at is not None and body.occurred_at > desk.now():
        wrong.append(Wrong("occurred_at", ""))
    return wrong


async def _rules(framework: Framework, levels: Known) -> list[Pack]:
    """By what a complaint may be handled."""
    known = await framework.desk.threads.run(levels)
    return [known.policies.packs[name] for name in sorted(known.complaints)]


async def _shown(framework: Framework, levels: Known, form: Form, made: _Made, wrong: list[Wrong]) -> Response:
    given = {
        "said": made.said, "complaint_id": made.complaint_id, "rules": await _rules(framework, levels), "grades": list(HandlerGrade),
        "outcomes": list(ComplaintOutcome), "subjects": list(ComplaintSubject), "schemes": list(ComplaintScheme), "channels": list(Channel),
    }  # fmt: skip
    return framework.page(made.request, made.visitor, form.template, status=422 if wrong else 200, wrong=wrong, **given)
