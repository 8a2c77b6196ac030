"""A refusal as a page: what is wrong in a rep's words, and the way on."""

from fastapi import Response

from services.prioritizer.console.pages import page, words
from services.runtime.access.roles import Caller
from services.runtime.doors.problem import Problem, of

COLLEAGUES = frozenset({"rep", "manager"})


def refused(error: Exception, caller: Caller | None, again: str | None) -> Response:
    """The page that tells it; `again` is the address to try once more, where that may help.

    What is no refusal but a fault of ours is raised.
    """
    problem = of(error)
    if problem is None:
        raise error
    return page(
        "problem.html",
        problem.status_code,
        problem.headers,
        caller=caller,
        title=problem.title,
        words=words(problem.type),
        again=again if problem.status_code == 503 else None,
        home=problem.status_code != 403,
    )


def colleague(caller: Caller) -> Caller:
    """Raises Problem 403 for those whom a team's leads do not concern."""
    if caller.team is None or caller.roles.isdisjoint(COLLEAGUES):
        raise Problem(
            403,
            "console-not-yours",
            "The console is for the reps and managers of a team",
            "Sign out, and in again with the key of one; analysts and operators use the API.",
        )
    return caller
