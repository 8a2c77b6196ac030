"""The fold on a real database: batches cut anywhere decide as one log does."""

from random import Random

import pytest

from engagement.cadence.decider import Partition, replay
from engagement.cadence.stored import dump
from engagement.decider import Refused
from engagement.playbook import Playbook
from schemas.codec import encode
from services.cadence.fold import CadenceFold
from tests.integration.cadence.desk import Desk
from tests.integration.cadence.history import history
from tests.unit.cadence.facts import LEAD, PLAYBOOK, created, plan, published, touched

ENTRY = created("03-03 10:00")


@pytest.mark.parametrize("seed", [1, 2])
async def test_batches_cut_anywhere_decide_as_a_replay_of_the_log(desk: Desk, seed: int) -> None:
    log = history(seed, leads=40, length=1500)
    chance, rest, said, refused = Random(seed), log, [], []
    while rest:
        size = chance.choice((1, 2, 30, 200))
        outcome = await desk.fold(*rest[:size])
        said += [one.message for one in outcome.publications]
        refused += [one.arrival.event for one in outcome.refusals]
        rest = rest[size:]
    assert said == [encode(event) for event in replay(log)]
    fresh = Partition()
    assert refused == [fact for fact in log if isinstance(fresh.apply(fact), Refused)]
    assert len(refused) > 0
    stored = await desk.rows("select lead_id, state from cadence.leads")
    assert dict(stored) == {lead: dump(state) for lead, state in fresh.states.items()}


async def test_decisions_go_to_the_leads_partition_under_its_key(desk: Desk) -> None:
    outcome = await desk.fold(published(), ENTRY, partition=7)
    assert {one.partition for one in outcome.publications} == {7}
    assert {one.message.key for one in outcome.publications} == {str(LEAD).encode()}


async def test_every_row_says_its_partition(desk: Desk) -> None:
    await desk.fold(published(), ENTRY, partition=7)
    rows = "select partition from cadence.leads union all select partition from cadence.playbooks"
    assert await desk.rows(rows) == [(7,), (7,)]


async def test_each_partition_goes_by_the_playbooks_that_it_has_seen(desk: Desk) -> None:
    fold = CadenceFold()
    await desk.fold(published(), partition=1, by=fold)
    (refusal,) = (await desk.fold(ENTRY, partition=2, by=fold)).refusals
    assert refusal.code == "no-playbook"
    assert refusal.arrival.event == ENTRY


async def test_a_lead_stays_on_its_playbook_when_two_come_in_one_batch(desk: Desk) -> None:
    second, third = _faster(4), _faster(3)
    await desk.fold(published(), published(second), ENTRY, published(third))
    rows = await desk.rows("select digest, in_force from cadence.playbooks order by 1")
    found = [(book.digest, book is third) for book in (PLAYBOOK, second, third)]
    assert rows == sorted(found)
    outcome = await desk.fold(touched("03-03 10:03", plan(ENTRY, 1)))
    assert [dict(one.message.headers)["ce_type"] for one in outcome.publications] == [
        b"touch-planned"
    ]


async def test_a_playbook_of_before_may_come_into_force_again(desk: Desk) -> None:
    await desk.fold(published(), published(_faster(4)))
    await desk.fold(published())
    rows = "select digest from cadence.playbooks where in_force"
    assert await desk.rows(rows) == [(PLAYBOOK.digest,)]


async def test_a_fact_that_changes_nothing_writes_nothing(desk: Desk) -> None:
    await desk.fold(published(), ENTRY)
    before = await desk.rows("select xmin::text from cadence.leads")
    await desk.fold(created("03-04 10:00"), published())
    assert await desk.rows("select xmin::text from cadence.leads") == before


def _faster(minutes: int) -> Playbook:
    known = PLAYBOOK.model_dump(mode="json")
    return Playbook.model_validate(known | {"speed_to_lead_minutes": minutes})
