"""Parts of the day, as a playbook writes them."""

import re
from datetime import time
from typing import Any

from pydantic import GetJsonSchemaHandler, model_serializer, model_validator
from pydantic_core import CoreSchema

from engagement.playbook.model import Model, broken

_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")


class PartOfDay(Model):
    """A part of the day, written "12:00-12:30": from the first moment up to before the last."""

    opens: time
    closes: time

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: object) -> dict[str, time]:
        found = _HOURS.fullmatch(value) if isinstance(value, str) else None
        if found is None:
            raise broken("not a part of a day", 'write it as "09:00-17:00", in quotes')
        hour, minute, end_hour, end_minute = map(int, found.groups())
        return {"opens": time(hour, minute), "closes": time(end_hour, end_minute)}

    @classmethod
    def __get_pydantic_json_schema__(
        cls, _schema: CoreSchema, _handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """As people write it, and not as its two ends."""
        return {"type": "string", "pattern": f"^{_HOURS.pattern}$", "description": cls.__doc__}

    @model_serializer
    def _write(self) -> str:
        return str(self)

    def __str__(self) -> str:
        return f"{self.opens:%H:%M}-{self.closes:%H:%M}"


class Hours(PartOfDay):
    """A part of the day in which leads are touched: an hour or more."""

    @model_validator(mode="after")
    def _long_enough(self) -> "Hours":
        _ends_later(self)
        if minute(self.closes) - minute(self.opens) < 60:
            raise broken("open for less than an hour", "let it close an hour later or more")
        return self


class Lunch(PartOfDay):
    """A part of the day in which nobody is touched."""

    @model_validator(mode="after")
    def _long_enough(self) -> "Lunch":
        _ends_later(self)
        return self


def minute(at: time) -> int:
    """The minute of the day, counted from 0."""
    return at.hour * 60 + at.minute


def _ends_later(part: PartOfDay) -> None:
    if part.closes <= part.opens:
        fix = "let it end later on the same day, at 23:59 at the latest"
        raise broken("ends before it begins", fix)
