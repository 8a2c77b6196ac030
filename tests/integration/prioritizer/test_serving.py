"""Who is served, to whom, and in which order."""

import asyncio
from datetime import timedelta

from services.prioritizer.callers import Rep
from services.prioritizer.serving.claim_sql import FEW
from tests.integration.prioritizer.decisions import NOW
from tests.integration.prioritizer.queue import ANA, BEN, PERSON, Queue

HOUR = timedelta(hours=1)


async def test_the_rep_gets_person_activity_and_reason(queue: Queue) -> None:
    lead = await queue.lead()
    given = await queue.given()
    assert given.claim.lead_id == lead.id
    assert given.person == PERSON
    assert given.features.country == "DE"
    assert given.claim.plan.activity == "First call"
    assert given.claim.why.tier == "new"
    assert given.claim.why.waited_seconds >= 60
    assert "; waiting " in given.claim.why.words
    assert given.claim.why.words.endswith(" minutes; no other lead is due")


async def test_an_empty_queue_gives_nobody(queue: Queue) -> None:
    assert await queue.next() is None


async def test_a_new_lead_is_first_at_the_very_next_question(queue: Queue) -> None:
    for _ in range(3):
        await queue.lead(attempts=1, due_at=NOW - HOUR * 9)
    older = await queue.lead(recorded_at=NOW - HOUR)
    assert await queue.next(ANA) == older.id
    newer = await queue.lead(recorded_at=NOW)
    given = await queue.given(BEN)
    assert given.claim.lead_id == newer.id
    assert given.claim.why.others == 3


async def test_after_new_leads_the_touch_due_first_is_served(queue: Queue) -> None:
    late = await queue.lead(attempts=2, due_at=NOW - HOUR)
    earlier = await queue.lead(attempts=1, due_at=NOW - HOUR * 2)
    assert [await queue.next(ANA), await queue.next(BEN)] == [earlier.id, late.id]


async def test_the_order_is_the_same_whether_few_of_a_tier_are_ready_or_many(queue: Queue) -> None:
    ages = range(1, 2 * FEW + 1)
    new = [await queue.lead(recorded_at=NOW - HOUR * age) for age in ages[:FEW]]
    due = {age: await queue.lead(attempts=1, due_at=NOW - HOUR * age) for age in ages}
    waiting = NOW + HOUR
    await queue.lead(recorded_at=NOW, not_before=waiting, lapses_at=waiting + HOUR)
    mine = await queue.lead(attempts=1, due_at=NOW - HOUR / 2, for_rep="rep-0")
    reps = [Rep(f"rep-{n}", ANA.team) for n in reversed(range(len(new) + len(due) + 2))]
    served = [await queue.next(rep) for rep in reps]
    in_order = [lead.id for lead in new] + [due[age].id for age in reversed(ages)]
    assert served == [*in_order, None, mine.id]


async def test_a_touch_is_served_neither_before_its_time_nor_after(queue: Queue) -> None:
    await queue.lead(not_before=NOW + HOUR)
    await queue.lead(lapses_at=NOW - HOUR)
    assert await queue.next() is None


async def test_a_rep_is_given_leads_of_the_own_team_only(queue: Queue) -> None:
    await queue.lead(team="enterprise")
    assert await queue.next() is None
    assert await queue.next(Rep("eva", "enterprise")) is not None


async def test_an_erased_lead_is_never_served(queue: Queue) -> None:
    lead = await queue.lead()
    await queue.execute("delete from vault.keys where subject = %s", lead.id)
    assert await queue.next() is None


async def test_a_lead_erased_in_a_reps_hands_has_no_person_left(queue: Queue) -> None:
    lead = await queue.lead()
    await queue.given()
    await queue.execute("delete from vault.keys where subject = %s", lead.id)
    assert (await queue.given()).person is None


async def test_asking_again_gives_the_same_claim(queue: Queue) -> None:
    await queue.lead()
    await queue.lead()
    first, again = await queue.given(), await queue.given()
    assert first.claim.claim_id == again.claim.claim_id
    assert first.claim.leased_until == again.claim.leased_until
    assert [event.data.type for event in await queue.told()] == ["lead-claimed"]


async def test_one_rep_asking_twenty_times_at_once_holds_one_lead(queue: Queue) -> None:
    for _ in range(20):
        await queue.lead()
    answers = await asyncio.gather(*(queue.next() for _ in range(20)))
    assert len(set(answers)) == 1
    assert None not in answers
    assert len(await queue.rows("select from prioritizer.claims")) == 1


async def test_reps_asking_at_once_get_different_leads(queue: Queue) -> None:
    leads = {(await queue.lead()).id for _ in range(20)}
    reps = [Rep(f"rep-{n}", ANA.team) for n in range(20)]
    assert set(await asyncio.gather(*map(queue.next, reps))) == leads
