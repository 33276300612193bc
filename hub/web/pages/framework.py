"""What every page stands on: the visitor, forms that only our own pages can send, words in two languages, and one look."""

import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from babel.dates import format_date, format_datetime
from babel.messages.pofile import read_po
from fastapi import Request
from jinja2 import ChoiceLoader, Environment, PackageLoader, select_autoescape
from markupsafe import Markup
from starlette.responses import HTMLResponse, RedirectResponse, Response

from hub.clocks.london import LONDON
from hub.privacy.passwords import new_token
from hub.web.desk import Desk
from hub.web.entrance import Entrance, Visitor

LANGUAGES = {"en": "English", "cy": "Cymraeg"}
BEFORE = "hub-before"
"""The cookie by which the form to sign in knows its browser."""
_MOST_FIELDS = 60
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {"Content-Security-Policy": _POLICY, "Cross-Origin-Opener-Policy": "same-origin", "X-Frame-Options": "DENY"}

Words = Callable[[str], str]


class Elsewhere(Exception):
    """The visitor has to go somewhere else first."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class NotOurForm(Exception):
    """What was sent was not made by a page of ours for this session."""


class Wrong(NamedTuple):
    """What is wrong with one field of a form, in words for the person."""

    field: str
    words: str


@dataclass(frozen=True, kw_only=True)
class Framework:
    """The pages' own parts; made once."""

    desk: Desk
    entrance: Entrance
    made: dict[str, Environment] = field(default_factory=dict)

    @cached_property
    def welsh(self) -> Mapping[str, str]:
        """The Welsh words by the English ones."""
        with (Path(__file__).parents[1] / "locale/cy/LC_MESSAGES/hub.po").open("rb") as file:
            return {str(each.id): str(each.string) for each in read_po(file, locale="cy") if each.id and each.string and not each.fuzzy}

    def language(self, request: Request) -> str:
        """The language the visitor chose."""
        chosen = request.cookies.get("hub-language", "en")
        return chosen if chosen in LANGUAGES else "en"

    def words(self, request: Request) -> Words:
        """Says an English sentence in the visitor's language, where it is translated."""
        welsh = self.welsh if self.language(request) == "cy" else {}
        return lambda said: welsh.get(said, said)

    async def visitor(self, request: Request) -> Visitor | None:
        """Whoever is signed in; raises Unavailable."""
        found = await self.entrance.visitor(request)
        return found if found is not None and found.session is not None else None

    async def signed_in(self, request: Request, *, purpose: bool = False) -> Visitor:
        """Whoever is signed in, and has said what for; raises Elsewhere."""
        visitor = await self.visitor(request)
        if visitor is None:
            raise Elsewhere("/sign-in")
        if purpose and visitor.purpose is None:
            raise Elsewhere("/purpose")
        return visitor

    async def form(self, request: Request) -> Mapping[str, str]:
        """What a form of ours says; raises NotOurForm for any other."""
        visitor = await self.visitor(request)
        body = (await request.body()).decode("utf-8", "replace")
        try:
            fields = dict(parse_qsl(body, keep_blank_values=True, max_num_fields=_MOST_FIELDS))
        except ValueError:
            raise NotOurForm from None
        expected = visitor.session.csrf if visitor and visitor.session else self._before(request.cookies.get(BEFORE, ""))
        if not expected or not hmac.compare_digest(expected.encode(), fields.pop("token", "").encode()):
            raise NotOurForm
        return {name: value.strip() for name, value in fields.items()}

    def _before(self, cookie: str) -> str:
        return hmac.digest(self.entrance.secret, b"before " + cookie.encode(), "sha256").hex() if cookie else ""

    def page(
        self, request: Request, visitor: Visitor | None, template: str, *, status: int = 200, wrong: Sequence[Wrong] = (), **given: Any
    ) -> Response:
        """The page in the visitor's language."""
        before = request.cookies.get(BEFORE) or new_token()
        token = visitor.session.csrf if visitor and visitor.session else self._before(before)
        said = {
            "visitor": visitor, "wrong": wrong, "faults": {each.field: {"text": each.words} for each in wrong}, "path": request.url.path,
            "purpose": self.entrance.policy.purposes.get(visitor.purpose or "") if visitor else None, "once": new_token(),
            "token": lambda: Markup('<input type="hidden" name="token" value="{}">').format(token),
        }  # fmt: skip
        text = self._environment(self.language(request)).get_template(template).render(**said, **given)
        response = HTMLResponse(text, status, HEADERS)
        if visitor is None and BEFORE not in request.cookies:
            response.set_cookie(BEFORE, before, httponly=True, samesite="lax", secure=self.entrance.secure)
        return response

    def go(self, path: str) -> Response:
        """Go and look there: after a form, so that a reload does not send it again."""
        return RedirectResponse(path, 303, HEADERS)

    def _environment(self, language: str) -> Environment:
        if language not in self.made:
            self.made[language] = self._make(language)
        return self.made[language]

    def _make(self, language: str) -> Environment:
        made = Environment(
            loader=_loader(), autoescape=select_autoescape(default=True), extensions=["jinja2.ext.i18n"],
            trim_blocks=True, lstrip_blocks=True,
        )  # fmt: skip
        welsh = self.welsh if language == "cy" else {}
        made.install_gettext_callables(lambda said: welsh.get(said, said), lambda one, many, n: one if n == 1 else many, newstyle=True)  # type: ignore[attr-defined]
        made.globals |= {"language": language, "languages": LANGUAGES, "controller": self.entrance.controller}
        made.globals["tells"] = self.desk.tracker is not None
        made.filters["when"] = lambda at: "" if at is None else format_datetime(at, "d MMMM y, HH:mm", LONDON, locale=language)
        made.filters["day"] = lambda day: format_date(day, "EEEE d MMMM y", locale=language)
        return made


def _loader() -> Any:
    return ChoiceLoader([PackageLoader("hub.web", "templates"), _Components()])


class _Components(PackageLoader):
    """The components of govuk-frontend-jinja, by the names under which they import each other."""

    def __init__(self) -> None:
        super().__init__("govuk_frontend_jinja", "templates")

    def get_source(self, environment: Environment, template: str) -> Any:
        """A component's source."""
        return super().get_source(environment, template.removeprefix("govuk_frontend_jinja/"))
