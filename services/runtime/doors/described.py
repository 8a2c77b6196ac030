"""What /openapi.json says beyond the routes' own words: each refusal, by its own status."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI

from services.runtime.doors.problem import MEDIA_TYPE, SCHEMA

PROBLEM: Final = "Problem"
ALWAYS: Final = (500, 503)
"""Something broke on our side; PostgreSQL, or a provider of tokens, does not answer."""
_VALIDATION = ("HTTPValidationError", "ValidationError")


def refused(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that refuses with these, besides what the door does for all."""
    return {status: _refusal(status) for status in statuses}


def describe(app: FastAPI) -> None:
    """Let the app's description name every refusal that the door itself makes, where it can.

    400, 408 and 413 where there is a body, 401 and 429 where a credential is asked for, 404 where
    the path names something, 422 where there is anything to get wrong, 500 and 503 always.
    """
    plain = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _explicit(plain())
        return app.openapi_schema

    openapi: Callable[[], dict[str, Any]] = described
    app.openapi = openapi  # type: ignore[method-assign]


def _explicit(document: dict[str, Any]) -> dict[str, Any]:
    for path, item in document.get("paths", {}).items():
        for operation in item.values():
            told = operation["responses"]
            told |= {str(status): _refusal(status) for status in _of_the_door(path, operation)}
            operation["responses"] = dict(sorted(told.items()))
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    kept = {name: one for name, one in schemas.items() if name not in _VALIDATION}
    document["components"]["schemas"] = dict(sorted({**kept, PROBLEM: SCHEMA}.items()))
    return document


def _of_the_door(path: str, operation: Mapping[str, Any]) -> list[int]:
    holds = {
        400: "requestBody" in operation,
        401: "security" in operation,
        404: "{" in path,
        408: "requestBody" in operation,
        413: "requestBody" in operation,
        429: "security" in operation,
        422: "422" in operation["responses"] or "requestBody" in operation,
    }
    return [*(status for status, there in holds.items() if there), *ALWAYS]


def _refusal(status: int) -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/{PROBLEM}"}
    return {"description": HTTPStatus(status).phrase, "content": {MEDIA_TYPE: {"schema": schema}}}
