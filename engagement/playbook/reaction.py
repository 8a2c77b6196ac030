"""What a cadence does when something happens to its lead: end, go on, or pause."""

import re
from datetime import timedelta
from typing import Literal

from pydantic import model_serializer, model_validator

from engagement.playbook.model import Model, broken

_WRITTEN = re.compile(r"(finish|continue|pause)|pause ([1-9]\d{0,2}) days?")


class Reaction(Model):
    """Written "finish", "continue", "pause 3 days", or "pause" until people resume it."""

    action: Literal["finish", "continue", "pause"]
    days: int | None = None

    @property
    def wait(self) -> timedelta | None:
        """How long a pause lasts; nothing where it has no end."""
        return None if self.days is None else timedelta(days=self.days)

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: object) -> dict[str, object]:
        found = _WRITTEN.fullmatch(value) if isinstance(value, str) else None
        if found is None:
            fix = 'write "finish", "continue", "pause", or "pause 3 days" with 1 to 999 days'
            raise broken("not a reaction", fix)
        word, days = found.groups()
        return {"action": word or "pause", "days": days and int(days)}

    @model_serializer
    def _write(self) -> str:
        return self.action if self.days is None else f"pause {self.days} days"
