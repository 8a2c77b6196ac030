"""The order that a playbook says, asked of the database at one moment and the next."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from engagement.playbook.queue import Queue as Order
from schemas.codec import decode
from schemas.events.fact import Features
from schemas.topics import LEAD_PRIORITY
from services.prioritizer.callers import Rep
from services.prioritizer.claims.explaining import Explaining
from services.prioritizer.reading.standing import Standings
from services.runtime.access.roles import Caller
from tests.integration.prioritizer.decisions import NOW, TEAM, Lead
from tests.integration.prioritizer.queue import ANA, Queue

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
LATER = NOW + 8 * HOUR
REP = Caller("ana", frozenset({"rep"}), TEAM)
ORDER = Order.model_validate(
    {
        "tiers": [
            {
                "name": "gold",
                "when": {"lead": {"score_at_least": 80}},
                "by": "entered",
                "windows": [30],
                "urgent": True,
                "says": "gold comes first",
            },
            {
                "name": "rest",
                "by": "entered",
                "terms": [{"name": "shop", "when": {"lead": {"source": "shop"}}, "minutes": 20}],
            },
        ]
    }
)
ROWS = "select lead_id, tier, tier_order, order_key, not_before from prioritizer.queue order by 1"


async def came_in(queue: Queue, ago: timedelta, **plan: Any) -> Lead:
    """A lead that nobody has touched since it came in, at an hour when it may be called."""
    lead = await queue.stranger()
    at = datetime.now(UTC) - ago
    opens: dict[str, Any] = {"not_before": at, "due_at": at, "lapses_at": LATER, "recorded_at": at}
    await queue.fold(lead.entered(at), lead.planned(**opens | plan))
    return lead


async def ordered(queue: Queue, ago: timedelta = 10 * MINUTE, **features: Any) -> Lead:
    """A lead whose playbook says an order of its own."""
    lead = await queue.stranger()
    told = Features(**{"source": "web", **features})
    entered = lead.entered(NOW - ago, features=told, queue=ORDER.content, playbook_digest="e" * 64)
    await queue.fold(entered, lead.planned())
    return lead


async def served(queue: Queue, leads: Iterable[Lead]) -> list[UUID | None]:
    return [await queue.next(Rep(f"rep-{n}", ANA.team)) for n, _ in enumerate(leads)]


async def test_a_lead_is_new_for_an_hour_and_then_waits_its_turn(queue: Queue) -> None:
    late, later = await came_in(queue, 90 * MINUTE), await came_in(queue, 70 * MINUTE)
    old, new = await came_in(queue, 50 * MINUTE), await came_in(queue, MINUTE)
    retry = await queue.lead(attempts=1, again="retry", attempt=2)
    due = await queue.lead(attempts=1)
    in_order = [new, old, retry, late, later, due]
    assert await served(queue, in_order) == [lead.id for lead in in_order]


async def test_an_untouched_lead_planned_anew_does_not_overtake_one_that_came_in(
    queue: Queue,
) -> None:
    """Its touch lapsed; the next is planned now, and it is no newer for it."""
    stale = await came_in(queue, 9 * HOUR)
    fresh = await came_in(queue, 10 * MINUTE)
    await queue.fold(stale.planned(recorded_at=NOW, not_before=NOW - MINUTE))
    assert await served(queue, [fresh, stale]) == [fresh.id, stale.id]


@pytest.mark.parametrize("at_once", [True, False])
async def test_the_first_opening_counts_however_decisions_are_gathered(
    queue: Queue, at_once: bool
) -> None:
    lead, opened = await queue.stranger(), NOW - 2 * HOUR
    told = [
        lead.entered(NOW - 9 * HOUR),
        lead.planned(kind="automated", not_before=NOW - 8 * HOUR),
        lead.planned(not_before=opened),
        lead.planned(not_before=NOW - MINUTE),
    ]
    for batch in [told] if at_once else [[one] for one in told]:
        await queue.fold(*batch)
    (row,) = await queue.rows(
        "select opened_at, tier from prioritizer.queue join (select lead_id,"
        " opened_at from prioritizer.leads) as known using (lead_id)"
    )
    assert (row["opened_at"], row["tier"]) == (opened, "never-touched")


async def test_writing_down_that_places_are_over_changes_no_answer(queue: Queue) -> None:
    for ago in (5, 50, 61, 90):
        await came_in(queue, ago * MINUTE)
    before = await queue.rows(ROWS)
    over = "select from prioritizer.leads where later_order is not null and tier_until <= now()"
    assert len(await queue.rows(over)) == 2
    await queue.poller.look()
    assert await queue.rows(over) == []
    assert await queue.rows(ROWS) == before
    assert [row["tier"] for row in before].count("never-touched") == 2


async def test_a_reps_own_touch_goes_on_to_its_later_tier_too(queue: Queue) -> None:
    own = await came_in(queue, 90 * MINUTE, for_rep="ana", due_at=NOW)
    new = await came_in(queue, MINUTE)
    retry = await queue.lead(attempts=1, again="retry", attempt=2)
    assert await served(queue, [new, retry, own]) == [new.id, retry.id, None]
    given = await queue.given(ANA)
    assert (given.claim.lead_id, given.claim.why.tier) == (own.id, "never-touched")


async def test_the_playbooks_tiers_and_terms_order_its_leads(queue: Queue) -> None:
    plain = await ordered(queue, 30 * MINUTE)
    shop = await ordered(queue, 11 * MINUTE, source="shop")
    late = await ordered(queue, 9 * MINUTE, source="shop")
    gold = await ordered(queue, MINUTE, score=90)
    in_order = [gold, shop, plain, late]
    assert await served(queue, in_order) == [lead.id for lead in in_order]


async def test_tier_terms_and_windows_are_recorded_and_told(queue: Queue) -> None:
    await ordered(queue, 30 * MINUTE)
    shop = await ordered(queue, 11 * MINUTE, source="shop")
    gold = await ordered(queue, MINUTE, score=90)
    first = await queue.given()
    assert first.claim.lead_id == gold.id
    assert first.claim.why.words.startswith("gold: gold comes first; waiting ")
    assert first.claim.why.bucket == "urgent"
    second = (await queue.given(Rep("ben", TEAM))).claim
    assert second.lead_id == shop.id
    told = await Explaining(queue.pool).claim(REP, second.claim_id)
    assert told.terms[1].value.endswith("+20 min shop (source shop)")
    assert [term.model_dump() for term in told.inputs.terms or ()] == [
        {"name": "shop", "value": "source shop", "minutes": 20}
    ]
    claimed = (await queue.told())[1].data
    assert claimed.explanation.terms == told.inputs.terms


async def test_a_lead_that_waits_for_its_turn_tells_tier_and_age(queue: Queue) -> None:
    lead = await came_in(queue, 10 * MINUTE)
    words = (await Standings(queue.pool).of(REP, lead.id)).words
    assert words.startswith("new: nobody has touched this lead since it came in; the newest")
    assert words.endswith("; within its 15 minutes; served next")


async def test_a_move_gives_the_plan_that_is_kept_its_place_by_the_new_order(
    queue: Queue,
) -> None:
    lead = await queue.lead()
    moved = lead.moved(lead.team)
    told = {"queue": ORDER.content, "playbook_digest": "e" * 64}
    features = Features(source="web", score=99)
    data = moved.data.model_copy(update={**told, "features": features})
    await queue.fold(type(moved)(moved.envelope, data))
    (row,) = await queue.rows(ROWS)
    assert (row["tier"], row["tier_order"]) == ("gold", 0)
    assert (await queue.given()).claim.why.says == "gold comes first"


async def test_news_of_a_lead_give_the_plan_that_is_kept_its_place_by_them(queue: Queue) -> None:
    lead = await queue.stranger()
    await queue.fold(lead.entered(queue=ORDER.content, playbook_digest="e" * 64), lead.planned())
    await queue.fold(lead.updated(score=99))
    (row,) = await queue.rows(ROWS)
    assert (row["tier"], row["tier_order"]) == ("gold", 0)


async def test_the_stream_tells_when_a_lead_goes_on(queue: Queue) -> None:
    lead, at = await queue.stranger(), NOW - MINUTE
    outcome = await queue.fold(lead.entered(at), lead.planned(not_before=at, lapses_at=LATER))
    (published,) = outcome.publications
    ranked = decode(published.message, LEAD_PRIORITY.messages).data
    assert (ranked.tier, ranked.later_tier) == ("new", "never-touched")
    assert ranked.tier_until == at + HOUR


async def test_those_kept_back_are_named_by_rule(queue: Queue) -> None:
    returns: list[datetime] = [NOW + n * HOUR for n in (3, 1, 4, 2)]
    waiting = [await queue.lead(not_before=at, lapses_at=at + HOUR) for at in returns]
    await queue.lead()
    claim = (await queue.given()).claim
    (kept,) = (await Explaining(queue.pool).claim(REP, claim.claim_id)).blocked
    assert kept.leads == 4
    assert kept.first == tuple(waiting[n].id for n in (1, 3, 0))
