"""Who works, when, and who has time off, as it changes: what tells in the log which reps were
absent.

What repeats what is known is no fact: a sign of life, a pause that is said again.
"""

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import AwareDatetime, StringConstraints

from schemas.events.fact import Fact, Text, Weekday

PartOfDay = Annotated[
    str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$")
]
"""As in "09:00-13:00": from the first moment up to before the last."""


class TeamFact(Fact):
    """A fact about people of a team; all those of a team lie on one partition, in order."""

    team: Text

    @property
    def key(self) -> bytes:
        return self.team.encode()


class RepFact(TeamFact):
    """A fact about one rep, who is of this team from then on."""

    rep_id: Text


class RepClockedIn(RepFact):
    """The rep began to work, or went on after a pause: by saying so, or by asking for a lead."""

    type: ClassVar[str] = "rep-clocked-in"


class RepPaused(RepFact):
    """The rep began a pause: no new lead is given, and what is the rep's stays so."""

    type: ClassVar[str] = "rep-paused"


class RepClockedOut(RepFact):
    """The rep left."""

    type: ClassVar[str] = "rep-clocked-out"


class RepFellSilent(RepFact):
    """The rep is absent since `occurred_at`: nothing was heard for too long, or a pause took so
    long. It is found a moment later."""

    type: ClassVar[str] = "rep-fell-silent"


class TimeOffFact(TeamFact):
    """A fact about one time off, from `begins_at` to before `ends_at`, and who told it.

    Without a rep it is the whole team's.
    """

    time_off_id: UUID
    rep_id: Text | None = None
    begins_at: AwareDatetime
    ends_at: AwareDatetime
    told_by: Text


class TimeOffSet(TimeOffFact):
    """Time off was entered; it holds from now on, where it has begun."""

    type: ClassVar[str] = "time-off-set"


class TimeOffRemoved(TimeOffFact):
    """Time off was taken out: it holds no longer, and never will."""

    type: ClassVar[str] = "time-off-removed"


class RepHoursFact(TeamFact):
    """A fact about the working hours of one rep in this team, and who told it."""

    rep_id: Text
    told_by: Text


class RepHoursSet(RepHoursFact):
    """From now on the rep works on these days from and to these hours, by the clock of
    `time_zone`, whatever the team's working hours are."""

    type: ClassVar[str] = "rep-hours-set"

    time_zone: Text
    days: tuple[Weekday, ...]
    hours: PartOfDay


class RepHoursRemoved(RepHoursFact):
    """The rep has no hours of the rep's own any more: the team's hold again."""

    type: ClassVar[str] = "rep-hours-removed"
