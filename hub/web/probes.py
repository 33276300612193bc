"""Is the process alive, can it do its work, how does it fare: for machines that watch it."""

from fastapi import APIRouter, Response
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from hub.web.readiness import Readiness
from hub.web.threads import Threads


def probes(threads: Threads, readiness: Readiness, registry: CollectorRegistry) -> APIRouter:
    """The three that every process of the hub answers."""
    routes = APIRouter(tags=["operations"])

    @routes.get("/livez")
    async def alive() -> dict[str, bool]:
        """True while the process answers at all: what it needs may be away."""
        return {"alive": True}

    @routes.get("/readyz", responses={503: {"description": "Something needed does not answer."}})
    async def ready(response: Response) -> dict[str, bool]:
        """What is needed, each with whether it answers; views that lag are ready."""
        needs = dict(readiness.state())
        response.status_code = 200 if all(needs.values()) else 503
        return needs

    @routes.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}})
    async def metrics() -> Response:
        """Prometheus metrics."""
        text = await threads.run(generate_latest, registry)
        return Response(text, media_type=CONTENT_TYPE_LATEST)

    return routes
