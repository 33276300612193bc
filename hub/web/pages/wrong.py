"""What goes wrong, as pages: to sign in, why it was refused, what cannot be reached; never what was sent."""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from hub.model.errors import Unavailable
from hub.web.entrance import Refused
from hub.web.pages.framework import Elsewhere, Framework, NotOurForm
from hub.web.problems import Problematic


def handle_what_goes_wrong(app: FastAPI, framework: Framework) -> None:
    """Answer everything that goes wrong in `app` with a page."""

    def said(request: Request, status: int, what: str) -> Response:
        return framework.page(request, None, "wrong.html", status=status, what=what)

    @app.exception_handler(Elsewhere)
    async def elsewhere(_request: Request, wrong: Elsewhere) -> Response:
        return framework.go(wrong.path)

    @app.exception_handler(Refused)
    async def refused(request: Request, wrong: Refused) -> Response:
        return framework.page(request, await framework.visitor(request), "refused.html", status=403, why=wrong.why.value)

    @app.exception_handler(NotOurForm)
    async def not_ours(request: Request, _wrong: NotOurForm) -> Response:
        return said(request, 403, "form")

    @app.exception_handler(Problematic)
    async def problematic(request: Request, wrong: Problematic) -> Response:
        return said(request, wrong.status, "unknown" if wrong.status == 404 else "refused")  # noqa: PLR2004 - HTTP's own

    @app.exception_handler(Unavailable)
    async def unavailable(request: Request, _wrong: Unavailable) -> Response:
        return said(request, 503, "unavailable")

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, _wrong: RequestValidationError) -> Response:
        return said(request, 404, "unknown")

    @app.exception_handler(HTTPException)
    async def http(request: Request, wrong: HTTPException) -> Response:
        return said(request, wrong.status_code, "unknown" if wrong.status_code in {404, 405} else "refused")

    @app.exception_handler(Exception)
    async def bug(request: Request, _wrong: Exception) -> Response:
        return said(request, 500, "bug")
