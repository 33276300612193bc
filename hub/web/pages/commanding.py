"""A form becomes a command: carried out once however often it is sent, because the form itself carries the key."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from pydantic import BaseModel, ValidationError

from hub.engine.commanding import Accepted, Answer
from hub.engine.commanding import Request as Asking
from hub.model.command import Aggregate, Refusal
from hub.web.bodies import as_command
from hub.web.fields import Body
from hub.web.pages.framework import Framework, Words, Wrong


def body_of(shape: type[Body], fields: Mapping[str, Any], say: Words) -> Body | list[Wrong]:
    """What the form says as the API's own body, or what is wrong with which field; what is left empty was not said."""
    said = {name: value for name, value in fields.items() if name in shape.model_fields and value}
    try:
        return shape.model_validate(said)
    except ValidationError as error:
        names = dict.fromkeys(str(each["loc"][0]) for each in error.errors(include_input=False, include_context=False))
        return [Wrong(name, say(_SAID.get(name, "Enter something here that the hub understands"))) for name in names]


async def carry_out(framework: Framework, aggregate: Aggregate[Any], key: str, once: str, request: Request, command: Any) -> Answer:
    """Have it done; the same form sent twice is done once. Raises Unavailable."""
    said = request.url.path.encode() + b"\n" + await request.body()
    asked = Asking(key=key, command=command, idempotency_key=once, said=said)
    return await framework.desk.threads.run(framework.desk.commander.carry_out, aggregate, asked)


def not_done(answer: Answer, say: Words) -> list[Wrong]:
    """Why it was not done, in words, the rule's own where a rule forbids it; nothing if it was."""
    if isinstance(answer, Accepted):
        return []
    why = answer.why if isinstance(answer, Refusal) else "This cannot be done as things stand. Look at the newest state."
    return [Wrong("form", say(why))]


def command_of(framework: Framework, kind: type[Any], body: BaseModel, **named: str) -> Any:
    """The command that a checked form asks for, now."""
    return as_command(kind, body, framework.desk.now(), **named)  # type: ignore[arg-type]


_SAID = {
    "kind": "Choose what it shows",
    "subject": "Choose which record it is of",
    "channel": "Choose how they were in touch",
    "office": "Choose who took the contact",
    "organisation": "Enter the organisation",
    "from_team": "Enter the team that hands the case on",
    "to_team": "Enter the team that is to have the case",
    "method": "Choose who stays accountable",
}
