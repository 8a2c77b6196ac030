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


IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        description="The `ETag` of what the caller means to replace: 412 where it is another now.",
    ),
]


def answer(model: BaseModel, known: str | None, tag: str | None = None) -> Response:
    """The model as JSON with its ETag; or only that the one in `known` (If-None-Match) holds.

    The tag is `tag`, which names this state and no other; else it is made from the JSON.
    """
    body = model.model_dump_json().encode()
    tag = f'"{tag or hashlib.sha256(body).hexdigest()[:32]}"'
    headers: Mapping[str, str] = {**HEADERS, "ETag": tag}
    if known is not None and _names(known, tag):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="application/json")


def matches(wanted: str, tag: str) -> bool:
    """Whether If-Match names the tag, by strong comparison; `*` names any that there is."""
    tags = [one.strip() for one in wanted.split(",")]
    return f'"{tag}"' in tags or (tags == ["*"] and bool(tag))


def _names(known: str, tag: str) -> bool:
    """By weak comparison (RFC 9110, 13.1.2): W/ before a tag makes no difference."""
    tags = [one.strip().removeprefix("W/") for one in known.split(",")]
    return tag in tags or tags == ["*"]
