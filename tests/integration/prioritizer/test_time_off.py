"""Time off: who is away is given no lead, and what was theirs is the team's meanwhile."""

from datetime import timedelta

import pytest

from services.prioritizer.callers import Rep
from services.prioritizer.lists.listed import Wanted
from services.prioritizer.lists.listing import Lists
from services.prioritizer.people.time_off import TimesOff
from services.prioritizer.table.playbooks import Playbooks
from services.runtime.access.roles import Caller
from services.runtime.doors.problem import Problem
from tests.integration.prioritizer.attendance import HOUR, MANAGER, MINE, off, refused
from tests.integration.prioritizer.decisions import NOW, TEAM
from tests.integration.prioritizer.queue import ANA, BEN, Queue

PROMISED = MINE | {"again": "callback", "attempt": 2}


async def test_time_off_keeps_a_rep_out_and_gives_even_promises_to_the_team(
    queue: Queue,
) -> None:
    promised = await queue.lead(**PROMISED)
    await off(queue, "ana", -HOUR, HOUR)
    assert await refused(queue.serving) == (409, "time-off")
    await queue.presence.say(ANA, "clocked-in")
    assert await refused(queue.serving) == (409, "time-off")
    assert await queue.next(BEN) == promised.id


@pytest.mark.parametrize(("begins", "ends"), [(-2 * HOUR, -HOUR), (HOUR, 2 * HOUR)])
async def test_time_off_counts_from_its_beginning_to_its_end(
    queue: Queue, begins: timedelta, ends: timedelta
) -> None:
    own = await queue.lead(**MINE)
    await off(queue, "ana", begins, ends)
    assert await queue.next(BEN) is None
    assert await queue.next(ANA) == own.id


async def test_a_team_off_is_given_nothing_and_another_team_goes_on(queue: Queue) -> None:
    await queue.lead()
    lead = await queue.lead(team="enterprise")
    await off(queue, None, -HOUR, HOUR)
    for rep in (ANA, BEN):
        assert await refused(queue.serving, rep) == (409, "time-off")
    assert await queue.next(Rep("eva", "enterprise")) == lead.id


async def test_after_time_off_everything_comes_in_its_ordinary_order(queue: Queue) -> None:
    late = [await queue.lead(attempts=1, due_at=NOW - n * HOUR) for n in (3, 5, 4)]
    new = await queue.lead()
    await off(queue, "ana", -HOUR, HOUR)
    await queue.execute("update prioritizer.time_off set ends_at = now()")
    order = []
    for _ in range(4):
        given = await queue.given(ANA)
        order.append(given.claim.lead_id)
        await queue.dispose(given)
    assert order == [new.id, late[1].id, late[2].id, late[0].id]


async def test_reps_speak_for_themselves_and_managers_for_the_team(queue: Queue) -> None:
    rep, off_ = Caller("ana", frozenset({"rep"}), TEAM), TimesOff(queue.pool)
    own = await off_.enter(rep, "ana", NOW, NOW + HOUR)
    for other in ("ben", None):
        with pytest.raises(Problem) as problem:
            await off_.enter(rep, other, NOW, NOW + HOUR)
        assert problem.value.type == "not-your-time-off"
    teams = await off_.enter(MANAGER, None, NOW, NOW + 2 * HOUR)
    assert await off_.coming(rep) == (own, teams)
    stranger = Caller("eve", frozenset({"manager"}), "enterprise")
    for caller, one in ((rep, teams), (stranger, own)):
        with pytest.raises(Problem) as problem:
            await off_.end(caller, one.id)
        assert problem.value.type == "unknown-time-off"
    assert await off_.end(rep, own.id) == own
    assert await off_.coming(MANAGER) == (teams,)


async def test_lists_show_to_whom_own_touches_are_kept(queue: Queue) -> None:
    await queue.lead(**MINE)
    lists = Lists(queue.pool, queue.vault, Playbooks())
    before = await lists.page(MANAGER, Wanted(), None, 10)
    await queue.presence.say(ANA, "left")
    after = await lists.page(MANAGER, Wanted(), None, 10)
    assert [page.leads[0].rule for page in (before, after)] == ["kept-for-rep", None]
