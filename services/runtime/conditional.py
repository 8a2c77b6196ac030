"""Reads that need not be sent again: an ETag of what is told, and 304 for who has it already."""

import hashlib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Final

from fastapi import Header, Response
from pydantic import BaseModel

HEADERS: Final = MappingProxyType(
    {"Cache-Control": "private, no-cache", "Vary": "Authorization, Cookie"}
)
"""A client may keep the answer for itself, and asks each time whether it still holds."""

IfNoneMatch = Annotated[
    str | None,
    Header(
        alias="If-None-Match",
        description="The `ETag` of an answer that the caller has: 304 while nothing changed.",
    ),
]
RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    200: {"headers": {"ETag": {"schema": {"type": "string"}, "required": True}}},
    304: {"description": "What the caller has still holds."},
}
"""What a route that answers so describes."""


def answer(model: BaseModel, known: str | None) -> Response:
    """The model as JSON with its ETag; or only that the one in `known` (If-None-Match) holds."""
    body = model.model_dump_json().encode()
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers: Mapping[str, str] = {**HEADERS, "ETag": tag}
    if known is not None and _names(known, tag):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="application/json")


def _names(known: str, tag: str) -> bool:
    """By weak comparison (RFC 9110, 13.1.2): W/ before a tag makes no difference."""
    tags = [one.strip().removeprefix("W/") for one in known.split(",")]
    return tag in tags or tags == ["*"]
