"""Two applications at one address: programs are answered under `/v1` and by the probes, people by pages everywhere else."""

from typing import Any

from hub.web.gate import Application, Receive, Scope, Send

_FOR_PROGRAMS = ("/v1/", "/livez", "/readyz", "/metrics", "/openapi.json")


class Beside:
    """Passes each request to the one it is for; both begin and end with the first, which has the lifespan."""

    def __init__(self, api: Any, pages: Application) -> None:
        self._api, self._pages = api, pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Chooses by the path alone."""
        ours = scope["type"] != "http" or scope["path"].startswith(_FOR_PROGRAMS)
        await (self._api if ours else self._pages)(scope, receive, send)
