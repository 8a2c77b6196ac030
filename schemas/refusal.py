"""pydantic's complaint in our words: field and rule, never what was sent."""

import re

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from schemas.message import Undecodable

_FIELD = re.compile(r"[a-z][a-z0-9_]{0,40}")


def explained(error: ValidationError, value: bytes) -> Undecodable:
    """The first thing that is wrong with `value`."""
    first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    if first["type"] != "json_invalid":
        return Undecodable("invalid", f"{_where(first)}: {_rule(first)}")
    try:
        value.decode()
    except UnicodeDecodeError:
        return Undecodable("not-utf8", "the value is not UTF-8")
    return Undecodable("not-json", first["msg"])


def _where(error: ErrorDetails) -> str:
    """The field's path; an unknown key, which is the sender's text, if it looks like a field."""
    *path, last = error["loc"] or ("value",)
    if error["type"] == "extra_forbidden" and not _FIELD.fullmatch(str(last)):
        last = "an unknown key"
    return ".".join(str(part) for part in (*path, last))


def _rule(error: ErrorDetails) -> str:
    """The rule's sentence; pydantic's about ids goes on to quote the character it fell over."""
    return error["msg"].partition(",")[0] if error["type"] == "uuid_parsing" else error["msg"]
