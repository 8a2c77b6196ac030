"""A rep on vacation: colleagues make the touches at their time, and the return finds no pile."""

from datetime import timedelta
from typing import Any

import pytest

from engagement.cadence.decider import Partition
from engagement.playbook import Playbook
from schemas.events.lead import LeadReassigned
from services.prioritizer.callers import Rep
from services.prioritizer.lists.listed import Wanted
from services.prioritizer.lists.listing import Lists
from services.prioritizer.people.time_off import TimesOff
from services.prioritizer.table.playbooks import Playbooks
from services.runtime.access.roles import Caller
from tests.integration.prioritizer.cadences import apply, entering, told
from tests.integration.prioritizer.decisions import NOW, TEAM
from tests.integration.prioritizer.queue import ANA, BEN, Queue

HOUR = timedelta(hours=1)
WEEK = timedelta(days=7)
MANAGER = Caller("mia", frozenset({"manager"}), TEAM)
MINE: dict[str, Any] = {"for_rep": "ana", "due_at": NOW + HOUR, "lapses_at": NOW + 9 * HOUR}
PROMISED = MINE | {"again": "callback", "attempt": 2}


async def away(queue: Queue) -> None:
    await TimesOff(queue.pool).enter(MANAGER, "ana", NOW - HOUR, NOW + WEEK)


async def back(queue: Queue) -> None:
    await queue.execute("update prioritizer.time_off set ends_at = now()")


async def colleagues(queue: Queue, which: str) -> None:
    if which == "none":
        return
    await queue.presence.say(Rep("ben", "west") if "team" in which else BEN, "clocked-in")
    ago = {"long silent": 8 * 24 * HOUR, "silent since Friday": 70 * HOUR}.get(which, -HOUR)
    await queue.execute("update prioritizer.presence set until = now() - %s", ago)
    if which == "off":
        await TimesOff(queue.pool).enter(MANAGER, "ben", NOW - HOUR, NOW + HOUR)


async def test_colleagues_make_all_of_it_and_nothing_is_left_at_the_return(queue: Queue) -> None:
    leads = {(await queue.lead(**plan)).id for plan in [MINE] * 22 + [PROMISED] * 3}
    await away(queue)
    made = set()
    for _ in leads:
        given = await queue.given(BEN)
        made.add(given.claim.lead_id)
        await queue.dispose(given)
    assert made == leads
    await back(queue)
    assert await queue.next(ANA) is None


async def test_a_promised_call_is_a_colleagues_at_its_time_and_not_before(queue: Queue) -> None:
    later = {"not_before": NOW + HOUR, "due_at": NOW + 2 * HOUR}
    lead = await queue.lead(**PROMISED | later)
    await away(queue)
    assert await queue.next(BEN) is None
    await queue.execute("update prioritizer.leads set not_before = now()")
    assert await queue.next(BEN) == lead.id


async def test_a_lead_in_hand_stays_in_hand(queue: Queue) -> None:
    lead = await queue.lead(**MINE)
    assert await queue.next(ANA) == lead.id
    await away(queue)
    assert await queue.next(ANA) == lead.id
    assert await queue.next(BEN) is None


async def test_lists_show_it_as_ready_for_everybody(queue: Queue) -> None:
    await queue.lead(**PROMISED)
    lists = Lists(queue.pool, queue.vault, Playbooks())
    rules = []
    for begin in (False, True):
        if begin:
            await away(queue)
        page = await lists.page(MANAGER, Wanted(), None, 10)
        rules.append(page.leads[0].rule)
    assert rules == ["kept-for-rep", None]


@pytest.mark.parametrize("colleague", ["none", "off", "long silent", "another team's"])
async def test_without_a_colleague_it_moves_behind_the_vacation(
    queue: Queue, colleague: str
) -> None:
    """As far apart as it was; what is anybody's stays where it is."""
    opens = [NOW + timedelta(days=day) for day in range(3)]
    leads = [(await queue.lead(**MINE | {"not_before": at, "attempts": 1})).id for at in opens]
    await queue.lead()
    await colleagues(queue, colleague)
    await away(queue)
    for _ in range(2):
        await queue.poller.look()
    paused = {one.data.lead_id: one.data.until for one in await queue.told()}
    after = [NOW + WEEK + HOUR + timedelta(days=day) for day in range(3)]
    assert paused == dict(zip(leads, after, strict=True))


@pytest.mark.parametrize("colleague", ["there", "silent since Friday"])
async def test_with_a_colleague_nothing_is_paused(queue: Queue, colleague: str) -> None:
    await queue.lead(**MINE)
    await colleagues(queue, colleague)
    await away(queue)
    await queue.poller.look()
    assert await queue.told() == []


async def test_the_cadence_keeps_its_days_and_the_lead_stays_the_reps(
    queue: Queue, seed: Playbook
) -> None:
    partition, lead = Partition(), await queue.stranger()
    await queue.fold(*entering(partition, lead, seed))
    mine = LeadReassigned(lead_id=lead.id, occurred_at=NOW, recorded_at=NOW, rep_id="ana")
    await queue.fold(*apply(partition, told(mine)))
    await away(queue)
    given = await queue.given(BEN)
    await queue.dispose(given, given.claim.plan.result_codes[0])
    (logged,) = [one for one in await queue.told() if one.data.type == "touch-logged"]
    (planned,) = [one.data for one in apply(partition, logged) if one.data.type == "touch-planned"]
    assert (logged.data.rep_id, planned.for_rep, planned.moved_from) == ("ben", "ana", None)
