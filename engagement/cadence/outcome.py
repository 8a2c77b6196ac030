"""What the outcome of a touch says of the next step: not before so long after it."""

from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple

from engagement.cadence.facts import made_at
from engagement.cadence.state import Active
from engagement.calendar import zones
from engagement.playbook import Playbook
from schemas.events.fact import LeadFact
from schemas.events.touch import TouchLogged


class Delay(NamedTuple):
    """The first moment of the next step, and the rule that says so."""

    moment: datetime
    rule: str


def delayed_by(playbook: Playbook, state: Active, cause: LeadFact) -> Delay | None:
    """The delay after the touch that led here, where its result code says one."""
    if not isinstance(cause, TouchLogged):
        return None
    code = playbook.delaying.get(cause.result_code)
    if code is None:
        return None
    made = made_at(cause)
    if code.days is None:
        return Delay(made + code.wait, code.said)
    zone = zones.zone(state.enrolment.time_zone)
    day = made.astimezone(zone).date() + timedelta(days=code.days)
    return Delay(datetime.combine(day, time.min, zone).astimezone(UTC), code.said)
