"""What the console's forms do: each is done once, and leads to a page that tells how it went.

Renewing a lease is the script's own: it is told in plain words how that went.
"""

from collections.abc import Awaitable, Callable
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from services.prioritizer.callers import Rep
from services.prioritizer.claims.desk import Desk
from services.prioritizer.claims.holding import Disposition
from services.prioritizer.console.form import Form
from services.prioritizer.console.pages import HEADERS, words
from services.prioritizer.console.refused import refused
from services.prioritizer.console.session import Sessions, from_here
from services.runtime.access.roles import Caller
from services.runtime.doors.once import Once, Work
from services.runtime.doors.problem import Problem, of

SEE_OTHER: Final = 303
NOTE, REASON = 4_000, 200


def add_writes(routes: APIRouter, desk: Desk, once: Once, sessions: Sessions) -> None:
    """Add the forms' routes. A form of another site, or of nobody signed in, does nothing."""

    async def do(
        request: Request, home: str, work: Callable[[Rep, Form], Awaitable[Work]]
    ) -> Response:
        caller, form = sessions.caller(request), await Form.of(request)
        if not from_here(request) or caller is None:
            return _to("/login")
        try:
            answer = await once(caller.subject, request, form.key, await work(_rep(caller), form))
        except Problem as problem:
            return _to(f"{home}?problem={problem.type}")
        except Exception as error:
            return refused(error, caller, again=None)
        return _to("/?problem=none-due" if answer.status_code == 204 else "/")

    @routes.post("/next")
    async def next_lead(request: Request) -> Response:
        async def work(rep: Rep, _: Form) -> Work:
            return desk.next(rep)

        return await do(request, "/", work)

    @routes.post("/presence")
    async def presence(request: Request) -> Response:
        async def work(rep: Rep, form: Form) -> Work:
            return desk.say(rep, form.word())

        return await do(request, "/", work)

    @routes.post("/pick")
    async def pick(request: Request) -> Response:
        async def work(rep: Rep, form: Form) -> Work:
            return desk.pick(rep, form.lead())

        return await do(request, "/lists", work)

    @routes.post("/stay")
    async def stay(request: Request) -> Response:
        caller, form = sessions.caller(request), await Form.of(request)
        if not from_here(request) or caller is None:
            return _word("Your session has ended. Sign in again.", 401)
        try:
            await desk.renew(_rep(caller), form.held())(desk.holding.pool)
        except Exception as error:
            problem = of(error)
            if problem is None:
                raise
            return _word(words(problem.type), problem.status_code)
        return _word("", 200)

    @routes.post("/back")
    async def back(request: Request) -> Response:
        async def work(rep: Rep, form: Form) -> Work:
            reason = form.text("reason", REASON)
            if reason is None:
                raise Problem(422, "reason-needed", "A reason is needed", "Say why.")
            return desk.release(rep, form.held(), reason)

        return await do(request, "/", work)

    @routes.post("/done")
    async def done(request: Request) -> Response:
        async def work(rep: Rep, form: Form) -> Work:
            held, result = form.held(), form.text("result", REASON) or ""
            note = form.text("note", NOTE)
            return desk.dispose(rep, held, Disposition(result, None, note, form.callback()))

        return await do(request, "/", work)


def _rep(caller: Caller) -> Rep:
    if "rep" not in caller.roles or caller.team is None:
        raise Problem(403, "role-needed", "This needs the role rep", "Sign in with a rep's key.")
    return Rep(caller.subject, caller.team)


def _to(path: str) -> Response:
    return RedirectResponse(path, SEE_OTHER)


def _word(told: str, status: int) -> Response:
    """An answer for our own script alone."""
    return Response(told, status, HEADERS, "text/plain; charset=utf-8")
