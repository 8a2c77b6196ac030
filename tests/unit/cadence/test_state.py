"""What is stored of a lead: small, nothing personal, and read back as it was."""

import pytest
from msgspec import json, msgpack
from msgspec.structs import replace

from engagement.cadence.remembered import Absence, Answered, Passed
from engagement.cadence.short_names import SHORT
from engagement.cadence.state import (
    INITIAL,
    Active,
    Ended,
    Enrolment,
    NotEntered,
    State,
    dump,
    load,
)
from engagement.cadence.touches import Count, Touches
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
NOW = at("03-03 10:00").replace(microsecond=345_678)
BUSY = replace(
    LARGEST,
    opted_out=(),
    attempt=3,
    tries=2,
    not_before=NOW,
    moved_from=NOW,
    again="end-of-queue",
    zone_source="playbook",
    paused_until=NOW,
    barred=(("email", "bounced"),),
    rep="ana",
    for_rep="ana",
    touches=Touches(
        last=NOW,
        counts=tuple(Count(739_300 + day, (1, 2, 0, 1)) for day in range(7)),
        spaced=(("email", NOW), ("sms", NOW)),
    ),
    asked=2,
    passed=Passed(8, 1, 2, LARGEST.day_one, LARGEST.opens_on),
    entered_at=NOW,
)
"""Under every rule around a cadence at once."""
OUT = replace(BUSY, paused_until=None, answered=Answered(NOW, NOW))
AWAY = replace(BUSY, paused_until=None, absences=(Absence(LEAD, NOW),))
HERE = Place(LARGEST.enrolment.time_zone, "playbook", "US", "DC")
STATES: tuple[State, ...] = (
    INITIAL,
    LARGEST,
    replace(LARGEST, unplanned=None, place=HERE),
    ENDED,
    BUSY,
    AWAY,
    OUT,
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
    told = {SHORT.get(k, k) for k, v in json.decode(stored).items() if v}
    assert msgpack.decode(dump(state)).keys() == told


def test_touches_stored_by_day_and_channel_are_read_by_day() -> None:
    touches = b'{"last":"2025-03-03T15:00:00Z","counts":[[2,"call",2],[1,"sms",1],[2,"social",3]]}'
    state = load(
        b'{"status":"ended","enrolment_id":"9e3d4e95-08e3-5f2c-9d11-a00b7f06a4ea",'
        b'"ended_at":"2025-03-02T02:17:50Z","reason":"closed","touches":' + touches + b"}"
    )
    assert isinstance(state, Ended)
    assert state.touches
    assert state.touches.counts == (Count(1, (0, 0, 1, 0)), Count(2, (2, 0, 0, 3)))


def test_every_name_is_short_and_no_two_are_the_same() -> None:
    for part in (NotEntered, Enrolment, Active, Ended, Touches):
        assert set(part.__struct_fields__) <= SHORT.keys()
        assert len(set(part.__struct_encode_fields__)) == len(part.__struct_fields__)
    assert len(set(SHORT.values())) == len(SHORT)


@pytest.mark.parametrize("state", STATES)
def test_a_state_comes_back_as_it_was_stored(state: State) -> None:
    assert load(dump(state)) == state
    assert dump(load(dump(state))) == dump(state)


@pytest.mark.parametrize("state", STATES)
def test_a_state_is_smaller_than_600_bytes(state: State) -> None:
    assert len(dump(state)) < 600
