"""What is stored of a lead: small, nothing personal, and read back as it was."""

from uuid import UUID

import pytest
from msgspec import json, msgpack
from msgspec.structs import replace

from engagement.cadence.brief import FEATURES
from engagement.cadence.digest import Digest
from engagement.cadence.facts import plan_of
from engagement.cadence.home import standing
from engagement.cadence.remembered import Absence, Answered, Apart, Passed, Updated
from engagement.cadence.short_names import SHORT
from engagement.cadence.state import INITIAL, Active, Ended, Enrolment, NotEntered, State
from engagement.cadence.stored import dump, load
from engagement.cadence.touches import Count, Touches
from engagement.calendar import zones
from engagement.calendar.place import Place
from schemas.events.fact import NewFeatures
from tests.unit.cadence.facts import LEAD, PLAYBOOK, at

LARGEST = Active(
    opted_out=("call", "email", "sms"),
    enrolment=Enrolment(
        id=LEAD,
        playbook_digest=Digest(PLAYBOOK.digest),
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
LATER = NOW.replace(hour=11)
SOMEWHERE = replace(BUSY, passed=None, moved_at=NOW)
"""A move lets nothing that lapsed before it be answered."""
HOME = standing(BUSY)._replace(
    playbook_digest=Digest("ab" * 32),
    plan_id=plan_of(BUSY.enrolment.id, BUSY.step, BUSY.attempt),
    lapses=1,
    not_before=LATER,
    for_rep="bo",
)
MOVED = replace(
    SOMEWHERE,
    plan_id=plan_of(SOMEWHERE.plan_root, BUSY.step, BUSY.attempt),
    home=HOME,
    replaced=(HOME.plan_id,),
)
"""To a version that plans the same touch at another moment."""
OFTEN = replace(MOVED, replaced=(HOME.plan_id, *(UUID(int=n) for n in range(1, 4))))
"""As many plans as are remembered, each of another version."""
KEPT = replace(MOVED, plan_id=HOME.plan_id)
UNKNOWN_ROOT = replace(MOVED, home=HOME._replace(plan_id=UUID(int=9)), replaced=(UUID(int=9),))
"""It had been moved before it came to where it stood."""
DISTURBED = replace(MOVED, home=HOME._replace(plan_id=None), plan_id=None, replaced=None)
UPDATED = replace(
    BUSY,
    updated=Updated(
        LEAD,
        (
            ("country", "US"),
            ("language", "en"),
            ("mail", "business"),
            ("region", "DC"),
            ("score", 100),
            ("time_zone", BUSY.enrolment.time_zone),
            ("zone_source", BUSY.zone_source),
        ),
    ),
)
"""All that a source can tell anew."""
ELSEWHERE = replace(
    LARGEST,
    updated=Updated(LEAD, (("region", None), ("score", 0), ("time_zone", "Asia/Tokyo"))),
)
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
    MOVED,
    UPDATED,
    KEPT,
    DISTURBED,
    ELSEWHERE,
    replace(LARGEST, home=HOME, moved_at=NOW, replaced=MOVED.replaced, updated=UPDATED.updated),
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
    for part in (NotEntered, Enrolment, Active, Ended, Touches, Apart):
        assert set(part.__struct_fields__) <= SHORT.keys()
        assert len(set(part.__struct_encode_fields__)) == len(part.__struct_fields__)
    assert len(set(SHORT.values())) == len(SHORT)


@pytest.mark.parametrize("state", [*STATES, OFTEN, UNKNOWN_ROOT])
def test_a_state_comes_back_as_it_was_stored(state: State) -> None:
    assert load(dump(state)) == state
    assert dump(load(dump(state))) == dump(state)


@pytest.mark.parametrize("state", STATES)
def test_a_state_is_smaller_than_600_bytes(state: State) -> None:
    assert len(dump(state)) < 600


def test_a_state_that_was_moved_several_times_before_its_touch_is_a_little_larger() -> None:
    assert all(len(dump(state)) < 650 for state in (UNKNOWN_ROOT, OFTEN))


def test_a_digest_is_stored_in_half_of_its_letters_and_read_from_both_forms() -> None:
    plain = msgpack.decode(dump(LARGEST))
    assert plain["e"]["pd"] == bytes.fromhex(PLAYBOOK.digest)
    plain["e"]["pd"] = PLAYBOOK.digest
    assert load(msgpack.encode(plain)) == LARGEST


def test_a_home_and_an_update_that_were_stored_whole_are_read() -> None:
    whole = replace(MOVED, updated=UPDATED.updated)
    assert load(msgpack.Encoder(uuid_format="bytes", enc_hook=str).encode(whole)) == whole


def test_every_feature_that_a_source_tells_anew_has_its_place() -> None:
    assert {*FEATURES} == {*NewFeatures.model_fields}
