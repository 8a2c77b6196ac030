"""What is stored of a lead: small, nothing personal, and read back as it was."""

import json

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
STORED = (
    b'{"status":"not-entered","opted_out":["sms"]}',
    b'{"status":"active","opted_out":["social"],"enrolment":'
    b'{"id":"d126d698-3bbe-51e3-8f52-1d5a10f945fc","playbook_digest":"db24","cadence":"telfer",'
    b'"time_zone":"America/Chicago"},"day_one":"2025-03-03","attempts":3,"step":2,"attempt":1,'
    b'"plan_id":"ff3cd15d-3f0a-5ae3-a3a1-d0ed0e67d9b2","not_before":"2025-03-04T15:00:00+00:00",'
    b'"moved_from":"2025-03-03T15:00:00.120000+00:00","again":"retry","opens_on":"2025-03-04",'
    b'"place":["America/Chicago","region","US","TX"],"paused_until":"2025-03-04T10:00:00+00:00",'
    b'"barred":[["email","bounced"]],"rep":"bo","for_rep":"bo","touches":'
    b'{"last":"2025-03-03T15:00:00.120000+00:00","counts":[[739311,"call",2]]},'
    b'"unplanned":"3990996a-e900-5c0a-924d-101389e4c86d","entered_at":"2025-03-01T09:00:00+00:00"}',
    b'{"status":"ended","opted_out":[],"enrolment_id":"9e3d4e95-08e3-5f2c-9d11-a00b7f06a4ea",'
    b'"ended_at":"2025-03-02T02:17:50.360006+00:00","reason":"closed","exit":"stopped-trying",'
    b'"touches":{"last":"2025-03-02T02:17:50+00:00","counts":[[739307,"call",2]]},'
    b'"handoff":"accepted"}',
)


@pytest.mark.parametrize("stored", STORED)
def test_what_was_ever_stored_is_read_and_kept(stored: bytes) -> None:
    state = load(stored)
    assert load(dump(state)) == state
    assert json.loads(dump(state)).keys() == {k for k, v in json.loads(stored).items() if v}


@pytest.mark.parametrize("state", STATES)
def test_a_state_comes_back_as_it_was_stored(state: State) -> None:
    assert load(dump(state)) == state
    assert dump(load(dump(state))) == dump(state)


@pytest.mark.parametrize("state", STATES)
def test_a_state_is_smaller_than_600_bytes(state: State) -> None:
    assert len(dump(state)) < 600
