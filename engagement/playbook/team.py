"""Whose queue a lead is in, and how much a team and its reps begin."""

from collections.abc import Collection, Iterator
from typing import Annotated

from pydantic import Field
from pydantic_core import PydanticCustomError

from engagement.playbook.entry import Conditions
from engagement.playbook.model import Model, broken
from schemas.events.fact import Text

Count = Annotated[int, Field(strict=True, ge=1, le=100_000)]
Few = Annotated[int, Field(strict=True, ge=1, le=20)]
"""What a rep can have in hand and still know of each: more is a list, and no queue."""


class Team(Model):
    """A team, and its limits, each as good as endless where it is left out.

    `new_leads_a_day` are begun by the whole team in 24 hours, `new_leads_a_day_per_rep` by each
    rep. A rep with `own_leads_per_rep` leads of the rep's own begins no new one. A rep holds
    `open_claims_per_rep` leads at a time: one, where it is left out.
    """

    name: Text
    """What routing and the queue call it."""
    new_leads_a_day: Count | None = None
    """How many new leads the whole team begins in 24 hours at most."""
    new_leads_a_day_per_rep: Count | None = None
    """How many new leads each rep begins in 24 hours at most."""
    own_leads_per_rep: Count | None = None
    """With how many leads of the rep's own a rep begins no new one."""
    open_claims_per_rep: Few | None = None
    """How many leads a rep holds at a time; left out, one."""


class Route(Model):
    """Leads for which `when` holds are the team's; the first rule that a lead meets decides."""

    when: Conditions
    """Which leads are meant."""
    team: Text
    """The team whose they are."""


def astray(routes: Collection[Route], known: Collection[str]) -> Iterator[PydanticCustomError]:
    """The rules to a team that is not known: their leads would reach nobody."""
    for index, route in enumerate(routes):
        if route.team not in known:
            fix = f"add it under `teams`, or use one of: {', '.join(known)}"
            yield broken("no such team", fix, "routing", index, "team")
