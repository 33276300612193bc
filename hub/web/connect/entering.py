"""Who may ask and change what connectors there are: an account whose role the policy lets run the hub, each request on the record.

Tools for Kafka Connect know HTTP's basic authentication alone: they send a program's token as its password, under any name. A browser is
never asked for one, so that it has none to send where another site's page leads it.
"""

from base64 import b64decode
from http import HTTPStatus

from fastapi import Request

from hub.privacy.access import Act, Asked
from hub.web.connect.refusals import Refused
from hub.web.entrance import Entrance, Visitor
from hub.web.entrance import Refused as Denied
from hub.web.guard import path_of

PURPOSE = "run-the-hub"
"""What anybody asks for here: tools cannot say it."""
RECORD_CLASS = "connectors"


class Door:
    """A dependency of routes: lets through whom the policy lets through, once that is on the record."""

    def __init__(self, entrance: Entrance) -> None:
        self._entrance = entrance

    async def __call__(self, request: Request) -> None:
        """Raises Refused: 401 for nobody, 403 for what the policy does not allow."""
        token = _token(request.headers.get("authorization", ""))
        account = await self._entrance.threads.run(self._entrance.accounts.by_token, token) if token else None
        if account is None:
            raise Refused(HTTPStatus.UNAUTHORIZED, "Send a program's token: as the bearer, or as the password of basic authentication")
        visitor = Visitor(account=account, session=None, purpose=PURPOSE, reason=None)
        act = Act.READ if request.method in {"GET", "HEAD"} else Act.WRITE
        asked = Asked(record_class=RECORD_CLASS, controller=self._entrance.controller, act=act)
        try:
            await self._entrance.look(visitor, f"{request.method} {path_of(request)}", asked)
        except Denied:
            raise Refused(HTTPStatus.FORBIDDEN, "The council's policy does not allow it") from None


def _token(header: str) -> str:
    kind, _, said = header.partition(" ")
    if kind.lower() == "bearer":
        return said.strip()
    try:
        return b64decode(said, validate=True).decode().partition(":")[2] if kind.lower() == "basic" else ""
    except ValueError:
        return ""
