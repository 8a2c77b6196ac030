"""What the queue tells the log of people: who works, and who has time off.

Each fact's id follows from what changed: the rep's state and the moment since which it holds, or
the time off.
"""

from datetime import datetime
from typing import Literal

from schemas.codec import encode
from schemas.envelope import Envelope, Event, child, derived_id
from schemas.events.people import (
    RepClockedIn,
    RepClockedOut,
    RepFellSilent,
    RepPaused,
    TeamFact,
)
from schemas.topics import QUEUE_EVENTS
from services.prioritizer.facts import SOURCE
from services.runtime.outbox.outbox import Row

Change = Literal["clocked-in", "paused", "left", "absent"]

_FACTS = {
    "clocked-in": RepClockedIn,
    "paused": RepPaused,
    "left": RepClockedOut,
    "absent": RepFellSilent,
}


def changed(change: Change, rep_id: str, team: str, since: datetime, found_at: datetime) -> Row:
    """The rep is so since then, and was otherwise before."""
    fact = _FACTS[change](rep_id=rep_id, team=team, occurred_at=since, recorded_at=found_at)
    return row(fact, rep_id, team, fact.occurred_at.isoformat())


def row(fact: TeamFact, *about: str) -> Row:
    """The fact, on its way to the log; nothing but people led to it."""
    id_ = derived_id(fact.type, *about)
    return Row(
        QUEUE_EVENTS, encode(Event(Envelope(id_, SOURCE, traceparent=child(None, id_)), fact))
    )
