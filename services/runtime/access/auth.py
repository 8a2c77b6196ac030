"""Who calls an HTTP route: the name behind its bearer key, or a 401."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from services.runtime.access.security import ApiKeys
from services.runtime.doors.problem import Problem

_WHAT = "An API key; at the queue and for operators, also an OpenID Connect token."
_SCHEME = HTTPBearer(auto_error=False, scheme_name="bearer", description=_WHAT)

Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(_SCHEME)]


def caller(keys: ApiKeys) -> Callable[[HTTPAuthorizationCredentials | None], str]:
    """A dependency that gives a route its caller's name among `keys`.

    Raises Problem 401 for a missing, malformed or unknown key, without saying which.
    """

    def named(credentials: Credentials) -> str:
        name = keys.name_of(credentials.credentials if credentials else None)
        if name is None:
            raise unauthorized()
        return name

    return named


def unauthorized() -> Problem:
    """A 401 that asks for a bearer key."""
    return Problem(
        401,
        "unauthorized",
        "The caller is not known",
        "Send the header `Authorization: Bearer <key>`, with a key or token that is valid here.",
        {"WWW-Authenticate": "Bearer"},
    )
