"""Signing in, by a key or at the identity provider, and out."""

from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from itsdangerous import BadData, URLSafeTimedSerializer

from services.prioritizer.console.form import Form
from services.prioritizer.console.pages import page
from services.prioritizer.console.refused import refused
from services.prioritizer.console.session import COOKIE, Sessions, from_here, guarded
from services.runtime.access.sign_in import Begun, Provider
from services.runtime.doors.problem import Problem

THERE: Final = "/login/provider"
BACK: Final = "/login/back"
BEGUN: Final = "touchline-signing-in"
"""The cookie of a browser that is at the provider."""
LASTS_SECONDS: Final = 600
"""For a password, a second factor, and finding the telephone for it."""


def add_login(routes: APIRouter, sessions: Sessions) -> None:
    """Add the page to sign in, and what its form and its link do."""
    provider = _provider(sessions)

    def shown(status: int = 200, wrong: str | None = None) -> Response:
        there = THERE if provider else None
        return page("login.html", status, caller=None, wrong=wrong, there=there)

    @routes.get("/login")
    async def door(request: Request) -> Response:
        return RedirectResponse("/", 303) if sessions.caller(request) else shown()

    @routes.post("/login")
    async def sign_in(request: Request) -> Response:
        key = (await Form.of(request)).text("key", 500) or ""
        answer = RedirectResponse("/", 303)
        if from_here(request) and sessions.begin(request, answer, key):
            return answer
        return shown(401, "key")

    @routes.post("/logout")
    async def sign_out(request: Request) -> Response:
        answer = RedirectResponse("/login", 303)
        if from_here(request):
            answer.delete_cookie(COOKIE)
        return answer

    if provider is None:
        return
    signer = URLSafeTimedSerializer(sessions.signer.secret_key, "touchline signing in")

    @routes.get(THERE)
    async def there(request: Request) -> Response:
        begun = Begun.anew()
        answer = RedirectResponse(provider.address(begun), 303)
        value = signer.dumps(begun.model_dump())
        # lax: it is the provider's page that sends the browser back
        answer.set_cookie(BEGUN, value, max_age=LASTS_SECONDS, samesite="lax", **guarded(request))
        return answer

    @routes.get(BACK)
    async def back(request: Request) -> Response:
        begun = _begun(signer, request)
        try:
            claims = await provider.claims(request.query_params, begun) if begun else None
        except Problem as problem:
            return refused(problem, None, again=THERE)
        caller = sessions.callers.claimed(claims)
        # not sent on: that would still be the provider's doing, and the session is for ours alone
        answer = page("signed-in.html", caller=None) if caller else shown(401, "account")
        if caller:
            sessions.begin_named(request, answer, caller)
        answer.delete_cookie(BEGUN)
        return answer


def _provider(sessions: Sessions) -> Provider | None:
    oidc = sessions.callers.oidc
    if oidc is None or oidc.sign_in is None:
        return None
    return Provider(oidc, oidc.sign_in, oidc.sign_in.here.rstrip("/") + BACK)


def _begun(signer: URLSafeTimedSerializer, request: Request) -> Begun | None:
    try:
        told = signer.loads(request.cookies.get(BEGUN, ""), max_age=LASTS_SECONDS)
    except BadData:
        return None
    return Begun.model_validate(told)
