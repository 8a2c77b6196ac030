"""What a source sent is no lead: why, in words that let its sender put it right."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError

from schemas.message import Undecodable
from schemas.refusal import explained
from schemas.strict_json import parse

WHOLE: Final = "value"
"""The name of the whole message, where no one field is at fault."""

_TIME: Final = "send RFC 3339 with an offset, such as 2026-03-01T09:30:00Z"
_FIXES: Final[Mapping[str, str]] = {
    "email": "send an address such as ann@example.com",
    "phone": "send digits, best with + and the country code",
    "domain": "send a mail domain such as example.com",
    "country": "send two capital letters of ISO 3166-1, such as DE",
    "score": "send a whole number from 0 to 100",
    **dict.fromkeys(("occurred_at", "callback_at", "returns_on", "starts_at", "until"), _TIME),
    "event": "send one that docs/events.md lists under event-received",
    "channel": 'send "call", "email", "sms" or "social"',
    "result_code": "send one of the playbook's result codes",
    "consent": 'send an object of channels, each "granted", "denied" or "unknown"',
}


class Refused(Exception):
    """A message is refused: which field, by which rule, and the fix. It never holds a value."""

    def __init__(self, code: str, field: str, rule: str, fix: str) -> None:
        super().__init__(f"{code}: {field}: {rule}; {fix}")
        self.code = code
        self.field = field
        self.rule = rule
        self.fix = fix

    @property
    def reason(self) -> str:
        """All of it in one line."""
        return f"{self.field}: {self.rule}; {self.fix}"

    def at(self, index: int) -> "Refused":
        """The same, of the message with this index in a list."""
        field = f"[{index}]" if self.field == WHOLE else f"[{index}].{self.field}"
        return Refused(self.code, field, self.rule, self.fix)


def parsed(raw: bytes) -> Any:
    """The JSON document that `raw` holds; raises Refused where it has not one clear meaning."""
    try:
        return parse(raw)
    except Undecodable as error:
        fix = "send one JSON document in UTF-8, as RFC 8259 has it"
        raise Refused(error.code, WHOLE, error.reason, fix) from None


def refused(error: ValidationError) -> Refused:
    """The first thing that is wrong, by its field's path and its rule, with the way to mend it."""
    field, _, rule = explained(error, b"").reason.partition(": ")
    if rule.startswith("Extra inputs"):
        return Refused("invalid", field, rule, "take it out, or check its spelling")
    known = (_FIXES[name] for name in field.split(".") if name in _FIXES)
    fix = next(known, "correct it and send it again")
    return Refused("invalid", field, rule.removeprefix("Value error, "), fix)
