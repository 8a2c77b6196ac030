"""Who works, and who has time off, as it changes: what tells in the log which reps were absent.

What repeats what is known is no fact: a sign of life, a pause that is said again.
"""

from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime

from schemas.events.fact import Fact, Text


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
