"""A route whose endpoint reads the request itself, at a fraction of what the framework costs."""

from collections.abc import Callable, Iterable, Mapping

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from services.runtime.doors import problem


class RawRoute(APIRoute):
    """Calls its endpoint with the request, and sends the response that it returns.

    There is nothing to parse and nothing to inject, so FastAPI's share is left out; the route
    is described in OpenAPI like any other. Its path has no parameters.
    """

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; what FastAPI still does is to refuse another method."""
        if scope["method"] not in (self.methods or ()):
            await super().handle(scope, receive, send)
            return
        scope["route"] = self
        try:
            response = await self.endpoint(Request(scope, receive, send))
        except Exception as error:
            refusal = problem.of(error)
            if refusal is None:
                raise
            response = refusal.response()
        await response(scope, receive, send)


def raw_routes() -> APIRouter:
    """A router whose routes are raw."""
    return APIRouter(route_class=RawRoute)


class Shortcut:
    """Leads to a raw route at once, within `ring`; whatever else is asked for goes to `app`.

    To find it, FastAPI's stack takes as long as it takes to read the lead in a webhook.
    """

    def __init__(
        self, app: ASGIApp, routers: Iterable[APIRouter], ring: Callable[[ASGIApp], ASGIApp]
    ) -> None:
        self._app = app
        self._raw = {asked: ring(route.handle) for asked, route in _raw(routers).items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        app = self._raw.get((scope.get("method"), scope.get("path")), self._app)
        await app(scope, receive, send)


def _raw(routers: Iterable[APIRouter]) -> Mapping[tuple[str | None, str | None], RawRoute]:
    routes = [one for router in routers for one in router.routes if isinstance(one, RawRoute)]
    return {(method, one.path): one for one in routes for method in one.methods or ()}
