"""Which cadence a lead enters."""

from typing import Literal

from pydantic import model_validator

from engagement.playbook.model import Model, Name, broken
from schemas.events.fact import Features, Text


class Conditions(Model):
    """What a lead's features must equal; each condition given has to hold."""

    source: Text | None = None
    campaign: Text | None = None
    country: Text | None = None
    mail: Literal["business", "free"] | None = None

    @model_validator(mode="after")
    def _conditional(self) -> "Conditions":
        if not self.model_dump(exclude_none=True):
            raise broken("no condition", "name one, or leave `when` out for every lead")
        return self

    def hold(self, features: Features) -> bool:
        """Whether a lead with these features is meant."""
        return all(
            getattr(features, name) == wanted
            for name, wanted in self.model_dump(exclude_none=True).items()
        )


class EntryRule(Model):
    """Leads for which `when` holds enter `cadence`, or an arm of `experiment`; without it, all."""

    when: Conditions | None = None
    cadence: Name | None = None
    experiment: Name | None = None

    @model_validator(mode="after")
    def _leads_somewhere(self) -> "EntryRule":
        if (self.cadence is None) == (self.experiment is None):
            raise broken("leads to no one place", "name either a cadence or an experiment")
        return self

    def meets(self, features: Features) -> bool:
        """Whether a lead with these features enters by this rule."""
        return self.when is None or self.when.hold(features)
