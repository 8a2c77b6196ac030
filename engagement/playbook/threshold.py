"""How long a cadence, or a block in it, goes on at most: a number of touches or of days."""

from typing import Annotated

from pydantic import Field, model_validator

from engagement.playbook.model import Model, broken


class Until(Model):
    """So many touches made, or so many days, whichever comes first.

    `attempts` counts every touch made since entry, also those that nobody planned; `days` counts
    the days of the lead's calendar from the day of entry, which is day 1, also closed ones. On a
    block both count from its first touch.
    The two are those of rule-based routing, "for first N days or first N contact attempts"
    (VanillaSoft, support article 204681340).
    """

    attempts: Annotated[int, Field(strict=True, ge=1, le=1_000)] | None = None
    """So many touches made since entry, also those that nobody planned."""
    days: Annotated[int, Field(strict=True, ge=1, le=366)] | None = None
    """So many days of the lead's calendar; the day of entry is day 1."""

    @model_validator(mode="after")
    def _some(self) -> "Until":
        if self.attempts is None and self.days is None:
            raise broken("no threshold", "give attempts, days, or both")
        return self
