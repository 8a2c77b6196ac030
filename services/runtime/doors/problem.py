"""Every refusal over HTTP is a problem+json (RFC 9457) that names the rule and the fix."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any

import orjson
import structlog
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from psycopg import DataError, Error, OperationalError
from psycopg.errors import IdleInTransactionSessionTimeout, TransactionTimeout
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.routing import Match, Route
from starlette.types import Scope

from services.runtime.process.logs import explained

MEDIA_TYPE = "application/problem+json"
TYPE = "urn:touchline:problem:"
RETRY_SECONDS = 2
AWAY = (OperationalError, TransactionTimeout, IdleInTransactionSessionTimeout)
"""PostgreSQL was away, or ended what took too long."""
UNSTORABLE = (None, "22003")
"""SQLSTATEs of what a caller sent: U+0000, which psycopg refuses, and a number too large."""
NO_OBJECT = {"missing", "model_type", "model_attributes_type", "dict_type"}
"""What pydantic calls a body that is none, or another than a JSON object."""
_TEXT = {"type": "string"}
SCHEMA: dict[str, Any] = {
    "title": "Problem",
    "description": "A refusal, as RFC 9457 lays down.",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": _TEXT,
        "status": {"type": "integer"},
        "detail": _TEXT,
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "rule", "fix"],
                "properties": {"field": _TEXT, "rule": _TEXT, "fix": _TEXT},
            },
        },
    },
}
"""How every refusal is described."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class FieldError:
    """One field that broke a rule. It never repeats the value, which may be personal."""

    field: str
    rule: str
    fix: str


class Problem(HTTPException):
    """A refusal. `type` is a slug that callers may branch on; `detail` says how to mend it."""

    def __init__(  # noqa: PLR0913, PLR0917  the members of RFC 9457
        self,
        status: int,
        type: str,  # noqa: A002  the member's name
        title: str,
        detail: str,
        headers: Mapping[str, str] | None = None,
        errors: Sequence[FieldError] = (),
    ) -> None:
        super().__init__(status, detail, headers)
        self.type = type
        self.title = title
        self.errors = errors

    def body(self) -> bytes:
        """The JSON that is sent."""
        members: dict[str, Any] = {
            "type": TYPE + self.type,
            "title": self.title,
            "status": self.status_code,
            "detail": self.detail,
        }
        if self.errors:
            members["errors"] = [asdict(error) for error in self.errors]
        return orjson.dumps(members)

    def response(self) -> Response:
        """The answer that carries it."""
        return Response(self.body(), self.status_code, self.headers, MEDIA_TYPE)


def of_field(status: int, type_: str, title: str, error: FieldError) -> Problem:
    """A refusal for the sake of one field, whose fix is all the detail that there is."""
    return Problem(status, type_, title, f"{error.field}: {error.fix}", errors=(error,))


def database_away() -> Problem:
    """PostgreSQL did not answer, perhaps to a commit that it made: only a key makes that known."""
    return Problem(
        503,
        "database-away",
        "The database does not answer",
        f"Send the request again in {RETRY_SECONDS} seconds, under the same key where it has one:"
        " it may have been accepted just before.",
        {"Retry-After": str(RETRY_SECONDS)},
    )


def no_such_value() -> Problem:
    """A text or number was passed on that PostgreSQL cannot hold."""
    return Problem(
        422,
        "invalid",
        "A value is none that there can be",
        "Leave out U+0000 from texts, and send numbers of at most 32 bits. Nothing was changed.",
    )


def internal() -> Problem:
    """Something broke that has no better name; the log has the cause, the caller has not."""
    return Problem(
        500,
        "internal-error",
        "Something broke on our side",
        "It was logged. Sending the request again is safe, as repetition is harmless.",
    )


def of(error: Exception) -> Problem | None:
    """The refusal that an exception stands for; None for a fault of ours, or where nobody waits
    for an answer any more."""
    match error:
        case Problem():
            return error
        case HTTPException() if not isinstance(error.__cause__, ClientDisconnect):
            return _from_http(error)
        case RequestValidationError():
            return invalid_request(error.errors())
        case DataError() if error.sqlstate in UNSTORABLE:
            log.info("value refused", error=explained(error))
            return no_such_value()
        case Error() if isinstance(error, AWAY):
            log.warning("database away", error=explained(error))
            return database_away()
        case _:
            return None


def install(app: FastAPI, routers: Sequence[APIRouter]) -> None:
    """Answer every refusal of `app`, its router and its validation with a problem."""

    async def refused(request: Request, error: Exception) -> Response:
        problem = of(error)
        if problem is None:
            raise error
        response = problem.response()
        if methods := _methods(routers, request.scope):
            response.headers["Allow"] = ", ".join(methods)
        return response

    for kind in (HTTPException, RequestValidationError, DataError, *AWAY):
        app.add_exception_handler(kind, refused)


def _methods(routers: Sequence[APIRouter], scope: Scope) -> list[str]:
    """All that the path takes, for a method that it does not: a route knows of its own alone."""
    routes = [one for router in routers for one in router.routes if isinstance(one, Route)]
    matching = [(one.matches(scope)[0], one) for one in routes]
    if any(match is Match.FULL for match, _ in matching):
        return []
    found = [one.methods or () for match, one in matching if match is Match.PARTIAL]
    return sorted({name for methods in found for name in methods})


def invalid_request(errors: Sequence[Mapping[str, Any]]) -> Problem:
    """A 422 from pydantic's errors, naming each field and rule, never a value."""
    found = tuple(_field_error(error) for error in errors)
    named = "; ".join(f"{error.field}: {error.fix}" for error in found)
    return Problem(422, "invalid-request", "The request breaks a rule", named, errors=found)


def _field_error(error: Mapping[str, Any]) -> FieldError:
    field, rule = ".".join(str(part) for part in error["loc"]) or "body", str(error["type"])
    if field == "body" and rule in NO_OBJECT:
        return FieldError(field, rule, "Send a JSON object, with Content-Type: application/json")
    return FieldError(field, rule, str(error["msg"]).removeprefix("Value error, "))


def _from_http(error: HTTPException) -> Problem:
    title = HTTPStatus(error.status_code).phrase
    fixes = {
        404: "There is no such resource; /openapi.json lists what there is.",
        405: "This resource does not take this method; the Allow header lists those it takes.",
    }
    detail = fixes.get(error.status_code, str(error.detail))
    slug = title.lower().replace(" ", "-").replace("'", "")
    return Problem(error.status_code, slug, title, detail, error.headers)
