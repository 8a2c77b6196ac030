"""Which cadence a lead enters."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from engagement.playbook.model import Model, Name, broken
from schemas.events.fact import Features, Language, Text

_EQUAL = ("source", "campaign", "country", "mail", "region", "language")


class Conditions(Model):
    """What a lead's features must be; each condition given has to hold.

    All are met by what is equal, but `score_at_least`, which an unknown score does not meet.
    """

    source: Text | None = None
    """The system that the lead came from."""
    campaign: Text | None = None
    """The campaign that brought it."""
    country: Annotated[Text | None, Field(json_schema_extra={"pattern": "^[A-Z]{2}$"})] = None
    """Its country, by two capital letters."""
    mail: Literal["business", "free"] | None = None
    """Whether its address is a business one or one of a free provider."""
    region: Text | None = None
    """Its region, as the source tells it."""
    language: Language | None = None
    """Its language, by two letters."""
    score_at_least: Annotated[int, Field(strict=True, ge=0, le=100)] | None = None
    """The least score; a lead without a score does not meet it."""

    @model_validator(mode="after")
    def _conditional(self) -> "Conditions":
        if not self.model_dump(exclude_none=True):
            raise broken("no condition", "name one, or leave the key out")
        return self

    @property
    def features(self) -> tuple[str, ...]:
        """The features that it asks for."""
        asked = tuple(name for name in _EQUAL if getattr(self, name) is not None)
        return asked if self.score_at_least is None else (*asked, "score")

    def hold(self, features: Features) -> bool:
        """Whether a lead with these features is meant."""
        for name in _EQUAL:
            wanted = getattr(self, name)
            if wanted is not None and wanted != getattr(features, name):
                return False
        least, score = self.score_at_least, features.score
        return least is None or (score is not None and score >= least)


class EntryRule(Model):
    """Leads for which `when` holds enter `cadence`, or an arm of `experiment`; without it, all."""

    when: Conditions | None = None
    """Which leads are meant; left out in the last rule, which takes every lead."""
    cadence: Name | None = None
    """The cadence that they enter."""
    experiment: Name | None = None
    """The experiment to whose arms they are dealt."""

    @model_validator(mode="after")
    def _leads_somewhere(self) -> "EntryRule":
        if (self.cadence is None) == (self.experiment is None):
            raise broken("leads to no one place", "name either a cadence or an experiment")
        return self

    def meets(self, features: Features) -> bool:
        """Whether a lead with these features enters by this rule."""
        return self.when is None or self.when.hold(features)
