"""A lead whose touches read alike goes over: it stays where it is, and no call comes twice."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as some

from engagement.playbook import Playbook
from engagement.playbook.reading import from_yaml
from schemas.events.plan import TouchPlanned
from tests.unit.cadence.facts import at, created, moved, plan, published, retold, touched
from tests.unit.cadence.moving import told
from tests.unit.cadence.spec import Given, given
from tests.unit.cadence.versions import alike

ENTRY = created("03-03 10:00")  # a Monday
SHIPPED = Path(__file__).parents[3] / "playbooks"


def entered(by: Playbook, other: Playbook) -> Given:
    """A lead that was called at once, with another version known."""
    return given(published(other), published(by), ENTRY, touched("03-03 10:10", plan(ENTRY, 1)))


@pytest.mark.parametrize(
    ("was", "is_"),
    [
        ((1, 3, 5), (1, 3)),
        ((1, 3), (1, 3, 5)),
        ((1, 2, 3, 4, 5), tuple(range(1, 11))),
        (tuple(range(1, 11)), (1, 2, 3, 4, 5)),
        ((1, 2, 4, 5, 10, 11), (1, 2, 4, 5, 10, 11, 13, 14)),
    ],
)
def test_touches_at_the_end_that_come_or_go_leave_it_where_it_is(
    was: tuple[int, ...], is_: tuple[int, ...]
) -> None:
    then = entered(alike(*was), alike(*is_)).when(moved("03-03 11:00", ENTRY, alike(*is_)))
    assert then.types == ["cadence-moved"]
    assert (told(then).step, told(then).plan_id) == (2, plan(ENTRY, 2))


@pytest.mark.parametrize(("was", "is_"), [(2, 3), (3, 2)])
def test_a_block_that_is_repeated_more_or_less_often_leaves_it_where_it_is(
    was: int, is_: int
) -> None:
    telfer = (SHIPPED / "telfer.yaml").read_text(encoding="utf-8")
    assert "times: 2" in telfer
    old, new = (
        from_yaml(telfer.replace("times: 2", f"times: {times}"), "telfer.yaml")
        for times in (was, is_)
    )
    then = entered(old, new).when(moved("03-03 11:00", ENTRY, new))
    assert (told(then).step, told(then).plan_id) == (2, plan(ENTRY, 2))


def test_where_the_first_is_gone_the_next_is_not_made_at_once() -> None:
    later = alike(3, 5)
    planned = entered(alike(1, 3, 5), later).when(moved("03-03 11:00", ENTRY, later)).planned
    assert (planned.step, planned.not_before) == (1, at("03-05 09:00"))


@pytest.mark.parametrize("timed", [{}, {"part": "afternoon"}, {"at": "14:00"}])
def test_nor_is_a_first_touch_on_the_day_of_the_last(timed: dict[str, Any]) -> None:
    known = alike(1, 3).model_dump(mode="json", exclude_none=True)
    known["cadences"][0]["steps"] = [{"day": 1, "channel": "email", "activity": "Mail"} | timed]
    new, old = Playbook.model_validate(known), alike(1, 3, mails=(3,))
    planned = entered(old, new).when(moved("03-03 11:00", ENTRY, new)).planned
    assert planned.not_before.date() > ENTRY.data.recorded_at.date()


def test_nor_where_a_source_then_tells_its_zone() -> None:
    old, new = alike(1, 2, 4), alike(2, 4)
    history = entered(old, new)
    history.hears(moved("03-03 11:00", ENTRY, new))
    learnt = history.when(retold("03-03 11:10", time_zone="America/New_York")).planned
    assert (learnt.not_before, learnt.lapses_at) == (at("03-04 14:00"), at("03-04 22:00"))


DAYS = some.sets(some.integers(1, 9), min_size=3, max_size=7).map(sorted)


@drawn(DAYS, DAYS, some.integers(1, 3))
def test_it_is_touched_on_one_day_once(was: list[int], is_: list[int], made: int) -> None:
    old, new = alike(*(day - was[0] + 1 for day in was)), alike(*is_)
    history = given(published(new), published(old))
    planned, last = history.when(ENTRY).planned, ENTRY.data.recorded_at
    for _ in range(min(made, len(was) - 1)):
        last = planned.not_before + timedelta(minutes=3)
        planned = history.when(touched(f"{last:%m-%d %H:%M}", planned.plan_id)).planned
    then = history.when(moved(f"{last + timedelta(minutes=2):%m-%d %H:%M}", ENTRY, new))
    for one in then.facts:
        if isinstance(one, TouchPlanned):
            assert one.not_before.date() > last.date()
