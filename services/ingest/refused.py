"""What a source sent is no lead: why, in words that let its sender put it right."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError

from schemas.message import Undecodable
from schemas.refusal import explained
from schemas.strict_json import parse

_FIXES: Final[Mapping[str, str]] = {
    "email": "send an address such as ann@example.com",
    "phone": "send digits, best with + and the country code",
    "country": "send two capital letters of ISO 3166-1, such as DE",
    "score": "send a whole number from 0 to 100",
    "occurred_at": "send RFC 3339 with an offset, such as 2026-03-01T09:30:00Z",
    "consent": 'send an object of channels, each "granted", "denied" or "unknown"',
}


class Refused(Exception):
    """A message is refused. `reason` names field, rule and fix, and never a value."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason


def parsed(raw: bytes) -> Any:
    """The JSON document that `raw` holds; raises Refused where it has not one clear meaning."""
    try:
        return parse(raw)
    except Undecodable as error:
        fix = "send one JSON document in UTF-8, as RFC 8259 has it"
        raise Refused(error.code, f"{error.reason}; {fix}") from None


def refused(error: ValidationError) -> Refused:
    """The first thing that is wrong, by its field's path and its rule, with the way to mend it."""
    told = explained(error, b"").reason
    path = told.partition(":")[0].split(".")
    if "Extra inputs" in told:
        return Refused("invalid", f"{told}; take it out, or check its spelling")
    fix = next((_FIXES[name] for name in path if name in _FIXES), "correct it and send it again")
    return Refused("invalid", f"{told}; {fix}")
