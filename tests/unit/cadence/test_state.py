"""What is stored of a lead: small, nothing personal, and read back as it was."""

import pytest
from msgspec.structs import replace

from engagement.cadence.state import INITIAL, Active, Ended, Enrolment, State, dump, load
from engagement.calendar import zones
from engagement.calendar.place import Place
from tests.unit.cadence.facts import LEAD, PLAYBOOK, at

LARGEST = Active(
    opted_out=("call", "email", "sms"),
    enrolment=Enrolment(
        id=LEAD,
        playbook_digest=PLAYBOOK.digest,
        cadence="x" * 60,
        time_zone=max(zones.names(), key=len),
    ),
    day_one=at("03-03 10:00").date(),
    attempts=10**6,
    step=200,
    plan_id=LEAD,
    opens_on=at("03-03 10:00").date(),
    unplanned=LEAD,
)
ENDED = Ended(
    opted_out=("call", "email", "sms", "social", "all"),
    enrolment_id=LEAD,
    ended_at=at("03-03 10:00").replace(microsecond=1),
    reason="meeting-booked",
    handoff="accepted",
)
HERE = Place(LARGEST.enrolment.time_zone, "playbook", "US", "DC")
STATES: tuple[State, ...] = (
    INITIAL,
    LARGEST,
    replace(LARGEST, unplanned=None, place=HERE),
    ENDED,
)


@pytest.mark.parametrize("state", STATES)
def test_a_state_comes_back_as_it_was_stored(state: State) -> None:
    assert load(dump(state)) == state
    assert dump(load(dump(state))) == dump(state)


@pytest.mark.parametrize("state", STATES)
def test_a_state_is_smaller_than_600_bytes(state: State) -> None:
    assert len(dump(state)) < 600
