"""Who is absent at a moment: from the facts about people alone."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as some

from engagement.attendance import Attendance
from schemas.events.people import (
    RepClockedIn,
    RepClockedOut,
    RepFact,
    RepFellSilent,
    RepHoursRemoved,
    RepHoursSet,
    RepPaused,
    TeamFact,
    TimeOffRemoved,
    TimeOffSet,
)

START = datetime(2025, 3, 3, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
CHANGES: tuple[type[RepFact], ...] = (RepClockedIn, RepPaused, RepClockedOut, RepFellSilent)


def rep(class_: type[RepFact], hour: int, rep_id: str = "ana", team: str = "sales") -> TeamFact:
    at = START + hour * HOUR
    return class_(occurred_at=at, recorded_at=at, team=team, rep_id=rep_id)


def off(
    class_: type[TimeOffSet | TimeOffRemoved], hour: int, id_: UUID, **told: Any
) -> TimeOffSet | TimeOffRemoved:
    """Told at this hour: time off from the second hour to before the fifth."""
    at, ends = START + hour * HOUR, {"begins_at": START + 2 * HOUR, "ends_at": START + 5 * HOUR}
    known = {"team": "sales", "rep_id": "ana", "told_by": "mia"} | ends | told
    return class_(occurred_at=at, recorded_at=at, time_off_id=id_, **known)


def hours(hour: int, works: str | None, **told: Any) -> TeamFact:
    """Told at this hour, which the clock shows as nine and so many: the rep's own, or none."""
    at = START + hour * HOUR
    known = {"team": "sales", "rep_id": "ana", "told_by": "ana", "occurred_at": at}
    if works is None:
        return RepHoursRemoved.model_validate(known | {"recorded_at": at} | told)
    shift = {"time_zone": "Etc/UTC", "days": ["mon"], "hours": works}
    return RepHoursSet.model_validate(known | shift | {"recorded_at": at} | told)


def absences(*facts: TeamFact) -> list[dict[str, bool]]:
    """Who is absent at each of the first six hours."""
    attendance = Attendance()
    for fact in facts:
        attendance.apply(fact)
    return [dict(attendance.absent("sales", START + hour * HOUR)) for hour in range(6)]


def test_who_left_or_fell_silent_is_absent_until_the_rep_clocks_in() -> None:
    day = (
        rep(RepClockedIn, 0),
        rep(RepClockedOut, 1),
        rep(RepClockedIn, 3),
        rep(RepFellSilent, 4),
    )
    gone = {"ana": False}
    assert absences(*day) == [{}, gone, gone, {}, gone, gone]


def test_a_pause_is_no_absence() -> None:
    assert absences(rep(RepClockedIn, 0), rep(RepPaused, 1)) == [{}] * 6


def test_time_off_gives_away_promised_calls_too_from_its_first_hour_to_its_last() -> None:
    away = {"ana": True}
    assert absences(off(TimeOffSet, 0, uuid4())) == [{}, {}, away, away, away, {}]


def test_time_off_holds_as_far_as_it_was_known() -> None:
    id_ = uuid4()
    late = absences(off(TimeOffSet, 3, id_), off(TimeOffRemoved, 4, id_))
    assert late == [{}, {}, {}, {"ana": True}, {}, {}]


def test_the_time_off_of_a_team_makes_nobodys_touches_everybodys() -> None:
    assert absences(off(TimeOffSet, 0, uuid4(), rep_id=None)) == [{}] * 6


def test_outside_own_hours_promised_calls_are_everybodys_too() -> None:
    away = {"ana": True}
    assert absences(hours(0, "10:00-13:00")) == [away, {}, {}, {}, away, away]


def test_own_hours_hold_from_when_they_were_told_until_they_change() -> None:
    away = {"ana": True}
    assert absences(hours(2, "20:00-21:00")) == [{}, {}, away, away, away, away]
    told = hours(0, "20:00-21:00"), hours(2, "09:00-12:00"), hours(4, None)
    assert absences(*told) == [away, away, {}, away, {}, {}]


def test_own_hours_are_those_of_a_rep_in_a_team() -> None:
    assert absences(hours(0, "20:00-21:00", team="west")) == [{}] * 6
    told = hours(0, "20:00-21:00"), hours(1, None, rep_id="ben"), hours(1, None, team="west")
    assert absences(*told) == [{"ana": True}] * 6


def test_who_left_outside_own_hours_leaves_promised_calls_too() -> None:
    assert absences(rep(RepClockedOut, 0), hours(1, "20:00-21:00"))[:2] == [
        {"ana": False},
        {"ana": True},
    ]


def test_a_rep_who_went_to_another_team_is_absent_from_none_before() -> None:
    assert absences(rep(RepClockedOut, 0), rep(RepClockedIn, 2, team="west"))[3:] == [{}] * 3


@given(
    some.lists(
        some.tuples(some.sampled_from(CHANGES), some.integers(0, 5)), unique_by=lambda x: x[1]
    ),
    some.randoms(),
)
def test_a_fact_that_is_told_late_holds_from_its_own_moment(
    changes: list[tuple[type[RepFact], int]], chance: Any
) -> None:
    facts = [rep(class_, hour) for class_, hour in changes]
    late = list(facts)
    chance.shuffle(late)
    assert absences(*late) == absences(*sorted(facts, key=lambda one: one.occurred_at))
