"""Whose queue a lead is in, and how much a team and its reps begin."""

from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from typing import Annotated

from pydantic import Field
from pydantic_core import PydanticCustomError

from engagement.calendar import zones
from engagement.calendar.weekdays import WEEKDAYS, weekday_of
from engagement.playbook.calendar import Days, TimeZone
from engagement.playbook.entry import Conditions
from engagement.playbook.model import Model, broken
from engagement.playbook.part_of_day import Hours
from schemas.events.fact import Text

Count = Annotated[int, Field(strict=True, ge=1, le=100_000)]
Active = Annotated[int, Field(strict=True, ge=1, le=10_000)]
"""They are counted at each question for a lead, a few milliseconds for so many."""
Few = Annotated[int, Field(strict=True, ge=1, le=20)]
"""What a rep can have in hand and still know of each: more is a list, and no queue."""


class WorkingHours(Model):
    """When a team works, or a rep, by the clock of this zone, whatever the leads' clocks show."""

    time_zone: TimeZone
    """The zone whose clock tells the hours."""
    days: Days = WEEKDAYS[:5]
    """The weekdays of work."""
    hours: Hours
    """From when to before when there is work."""

    @property
    def words(self) -> str:
        """The same for people, as in "mon, wed 09:00-13:00 (Europe/Berlin)"."""
        return f"{', '.join(self.days)} {self.hours} ({self.time_zone})"

    def hold(self, moment: datetime) -> bool:
        """Whether this moment is within them."""
        clock = moment.astimezone(zones.zone(self.time_zone))
        works = self.hours.opens <= clock.time() < self.hours.closes
        return works and weekday_of(clock.date()) in self.days

    def begins_after(self, moment: datetime) -> datetime:
        """The next moment, in UTC, at which work begins."""
        zone = zones.zone(self.time_zone)
        day = moment.astimezone(zone).date()
        while True:
            begins_at = datetime.combine(day, self.hours.opens, zone).astimezone(UTC)
            if begins_at > moment and weekday_of(day) in self.days:
                return begins_at
            day += timedelta(days=1)


class Team(Model):
    """A team, and its limits, each as good as endless where it is left out.

    `new_leads_a_day` are begun by the whole team in 24 hours, `new_leads_a_day_per_rep` by each
    rep. A rep with `own_leads_per_rep` leads of the rep's own begins no new one. A rep holds
    `open_claims_per_rep` leads at a time: one, where it is left out. A rep makes
    `touches_a_day_per_rep` touches in 24 hours, of whatever tier. A team that works on
    `active_leads` leads begins no new one: touched once at least, or in a rep's hands, and with a
    touch to come. Outside `hours` no rep of the team is given a lead.
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
    touches_a_day_per_rep: Count | None = None
    """How many touches of any tier each rep makes in 24 hours at most."""
    active_leads: Active | None = None
    """On how many leads at once the team works before it begins no new one."""
    hours: WorkingHours | None = None
    """When the team works; left out, at any time."""


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
