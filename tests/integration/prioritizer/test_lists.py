"""The queue as a list: filters, pages, what is kept back, and picking from it."""

import base64
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from engagement.playbook import Playbook
from services.prioritizer.callers import Rep
from services.prioritizer.explaining import Explaining
from services.prioritizer.list_sql import FILTERS, MOST_READ, statement
from services.prioritizer.listed import Page, State, Wanted
from services.prioritizer.listing import Lists
from services.prioritizer.nobody import explained
from services.prioritizer.playbooks import Playbooks
from services.prioritizer.standing import Standings
from services.runtime.problem import Problem
from services.runtime.roles import Caller
from tests.integration.prioritizer.decisions import NOW, TEAM, Lead
from tests.integration.prioritizer.queue import ANA, BEN, PERSON, Queue
from tests.integration.prioritizer.test_own_touches import MANY

HOUR = timedelta(hours=1)
FAR = base64.urlsafe_b64encode(b'{"after": 99999999999}').decode()
COLLEAGUE = Caller("ben", frozenset({"rep"}), TEAM)
MANAGER = Caller("mia", frozenset({"manager"}), TEAM)


async def page(
    queue: Queue,
    most: int = 50,
    cursor: str | None = None,
    *,
    caller: Caller = COLLEAGUE,
    **wanted: Any,
) -> Page:
    lists = Lists(queue.pool, queue.vault, Playbooks())
    return await lists.page(caller, Wanted(**wanted), cursor, most)


def ids(found: Page) -> list[UUID]:
    return [one.lead_id for one in found.leads]


async def test_ready_leads_come_in_the_order_of_service_with_their_person(queue: Queue) -> None:
    due = await queue.lead(attempts=1)
    new = await queue.lead()
    promised = await queue.lead(again="callback")
    await queue.lead(team="enterprise")
    found = await page(queue)
    assert ids(found) == [promised.id, new.id, due.id]
    assert [one.tier for one in found.leads] == ["callback", "new", "due"]
    assert (found.leads[0].person, found.leads[0].rule, found.next) == (PERSON, None, None)


async def test_pages_follow_each_other_without_a_gap_or_a_repeat(queue: Queue) -> None:
    leads = [await queue.lead(recorded_at=NOW - n * HOUR) for n in range(5)]
    seen, cursor = [], None
    for _ in range(3):
        found = await page(queue, most=2, cursor=cursor)
        seen += ids(found)
        cursor = found.next
    assert seen == [lead.id for lead in leads]
    assert cursor is None


async def test_a_page_stays_where_it_was_when_a_lead_before_it_goes(queue: Queue) -> None:
    leads = [await queue.lead(recorded_at=NOW - n * HOUR) for n in range(4)]
    first = await page(queue, most=2)
    await queue.next(ANA)
    assert ids(await page(queue, most=2, cursor=first.next)) == [leads[2].id, leads[3].id]


@pytest.mark.parametrize("cursor", ["", "x", "bm90IGpzb24=", "ä", FAR])
async def test_a_cursor_of_nobodys_is_refused(queue: Queue, cursor: str) -> None:
    with pytest.raises(Problem) as problem:
        await page(queue, cursor=cursor)
    assert (problem.value.status_code, problem.value.type) == (422, "invalid-cursor")


@pytest.mark.parametrize(
    ("plan", "wanted"),
    [
        ({"channel": "email"}, {"channel": "email"}),
        ({"step": 4}, {"step": 4}),
        ({"again": "callback"}, {"tier": "callback"}),
        ({"due_at": NOW + HOUR}, {"overdue": False}),
        ({"step": 4, "channel": "sms"}, {"step": 4, "channel": "sms", "cadence": "nine-touches"}),
    ],
)
async def test_a_filter_leaves_the_others_out(
    queue: Queue, plan: dict[str, Any], wanted: dict[str, Any]
) -> None:
    await queue.lead(attempts=1)
    one = await queue.lead(**plan)
    assert ids(await page(queue, **wanted)) == [one.id]


async def test_morning_and_afternoon_are_by_the_leads_clock(queue: Queue) -> None:
    lead = await queue.lead()
    (one,) = (await page(queue)).leads
    other = "morning" if one.part == "afternoon" else "afternoon"
    assert ids(await page(queue, part=one.part)) == [lead.id]
    assert ids(await page(queue, part=other)) == []


async def test_leads_that_wait_are_listed_with_rule_and_return(queue: Queue) -> None:
    later = await queue.lead(not_before=NOW + 2 * HOUR, lapses_at=NOW + 3 * HOUR)
    sooner = await queue.lead(not_before=NOW + HOUR, again="callback", lapses_at=NOW + 3 * HOUR)
    found = await page(queue, state="waiting")
    assert [(one.lead_id, one.rule, one.returns_at) for one in found.leads] == [
        (sooner.id, "callback-not-due", NOW + HOUR),
        (later.id, "window-not-open", NOW + 2 * HOUR),
    ]
    assert ids(await page(queue)) == []


async def test_a_rare_lead_is_on_the_first_page_however_many_come_before_it(queue: Queue) -> None:
    await queue.lead(attempts=1)
    await queue.execute(MANY, 3 * MOST_READ)
    await queue.execute(
        "update prioritizer.leads set not_before = now() + interval '20 minutes'"
        " where mod(order_key, 2) = 0"
    )
    await queue.execute(
        "insert into vault.keys select lead_id, wrapped from prioritizer.leads, vault.keys"
        " on conflict do nothing"
    )
    rare = await queue.lead(channel="sms", again="end-of-queue", attempt=2)
    later = await queue.lead(channel="sms", attempts=1, not_before=NOW + HOUR / 2)
    wishes: tuple[dict[str, Any], ...] = {"channel": "sms"}, {"tier": "end-of-queue"}
    for wanted in wishes:
        found = await page(queue, **wanted)
        assert (ids(found), found.next) == ([rare.id], None)
    assert ids(await page(queue, state="waiting", channel="sms")) == [later.id]
    assert (await page(queue, cadence="another")).next is None


@pytest.mark.parametrize("state", ["held", "paused", "automated"])
async def test_every_list_is_filtered(queue: Queue, state: State) -> None:
    match state:
        case "held":
            await queue.lead(channel="sms", step=2)
            await queue.next(ANA)
        case "paused":
            lead = await queue.lead(channel="sms", step=2)
            await queue.fold(lead.paused())
        case _:
            await queue.lead(channel="sms", step=2, kind="automated", template="hello")
    found = await page(queue, state=state, channel="sms", step=2, cadence="nine-touches")
    assert len(found.leads) == 1
    tier = found.leads[0].tier
    assert len((await page(queue, state=state, tier="new")).leads) == (tier == "new")
    for other in ({"channel": "call"}, {"step": 3}, {"cadence": "another"}, {"tier": "due"}):
        assert ids(await page(queue, state=state, **other)) == []


async def test_a_tier_is_found_at_each_place_that_an_order_gives_it(queue: Queue) -> None:
    lead, other = await queue.lead(), await queue.lead(attempts=1)
    await queue.execute(
        "insert into prioritizer.queues values ('digest', '', '[{}, {}, {\"name\": \"first\"}]')"
    )
    place = "update prioritizer.leads set tier = 'first', tier_order = 2 where lead_id = %s"
    await queue.execute(place, lead.id)
    assert ids(await page(queue, tier="first")) == [lead.id]
    assert ids(await page(queue, tier="due")) == [other.id]
    assert ids(await page(queue, tier="nowhere")) == []


async def test_a_plan_whose_condition_is_not_met_is_not_said_to_return(queue: Queue) -> None:
    opens = NOW + HOUR
    times: dict[str, Any] = {"not_before": opens, "due_at": opens, "lapses_at": opens}
    lead = await queue.lead(waits_for="opened", **times)
    (one,) = (await page(queue, state="waiting")).leads
    assert (one.rule, one.returns_at, one.lapses_at) == ("condition-not-met", None, opens)
    assert one.waits_for == "opened"
    stands = await Standings(queue.pool).of(COLLEAGUE, lead.id)
    assert (stands.rule, stands.returns_at, stands.lapses_at) == ("condition-not-met", None, opens)
    async with queue.pool.connection() as conn:
        told = await explained(conn, "ben", TEAM)
    assert [(kept.rule, kept.returns_at) for kept in told.blocked] == [("condition-not-met", None)]


async def test_the_rules_that_forbade_the_touch_before_are_told(queue: Queue) -> None:
    proof: dict[str, Any] = {"allowed_by": "open", "denied_by": ("holiday", "quiet-hours")}
    lead = await queue.lead(not_before=NOW + HOUR / 2, **proof)
    (one,) = (await page(queue, state="waiting")).leads
    stands = await Standings(queue.pool).of(COLLEAGUE, lead.id)
    await queue.lead(**proof)
    claim = (await queue.given(ANA)).claim
    why = await Explaining(queue.pool).claim(MANAGER, claim.claim_id)
    for told in (one, stands, why):
        assert (told.allowed_by, told.denied_by) == ("open", ("holiday", "quiet-hours"))


@pytest.mark.parametrize("kind", ["manual", "automated"])
@pytest.mark.parametrize("at_once", [False, True])
async def test_paused_leads_are_listed_until_they_go_on(
    queue: Queue, kind: str, at_once: bool
) -> None:
    lead = await queue.stranger()
    decisions = [lead.entered(), lead.planned(kind=kind, step=3), lead.paused()]
    for batch in [decisions] if at_once else [[one] for one in decisions]:
        await queue.fold(*batch)
    await queue.fold(lead.paused(NOW + HOUR))
    (one,) = (await page(queue, state="paused")).leads
    assert (one.lead_id, one.rule, one.returns_at, one.step) == (lead.id, "paused", None, 3)
    assert (one.tier, one.person) == (None, PERSON)
    (kept,) = await queue.rows("select paused_since from prioritizer.leads")
    assert kept["paused_since"] == NOW
    stands = await Standings(queue.pool).of(COLLEAGUE, lead.id)
    assert (stands.rule, "until they resume it" in stands.words) == ("paused", True)
    await queue.fold(lead.planned(kind=kind))
    assert ids(await page(queue, state="paused")) == []


async def test_a_pause_that_an_end_follows_is_none(queue: Queue) -> None:
    lead = await queue.lead()
    await queue.fold(lead.paused())
    await queue.fold(lead.ended())
    assert ids(await page(queue, state="paused")) == []
    assert (await Standings(queue.pool).of(COLLEAGUE, lead.id)).rule == "nothing-planned"


async def test_automated_touches_are_listed_with_what_became_of_them(queue: Queue) -> None:
    mail: dict[str, Any] = {"kind": "automated", "channel": "email", "template": "hello"}
    lead = await queue.lead(**mail)
    later = await queue.lead(**mail, not_before=NOW + HOUR / 2)
    await queue.poller.look()
    found = await page(queue, state="automated", channel="email")
    assert [(one.lead_id, one.rule, one.may_pick) for one in found.leads] == [
        (lead.id, "requested", False),
        (later.id, "for-tools", False),
    ]
    first = await page(queue, most=1, state="automated")
    assert ids(await page(queue, cursor=first.next, state="automated")) == [later.id]
    await queue.fold(lead.moved("another"), later.ended())
    assert ids(await page(queue, state="automated")) == []


async def test_leads_in_hand_are_listed_with_their_rep(queue: Queue) -> None:
    await queue.lead()
    claim = (await queue.given(ANA)).claim
    (one,) = (await page(queue, state="held")).leads
    assert (one.held_by, one.rule, one.returns_at) == ("ana", "held", claim.leased_until)


async def test_a_lead_is_picked_where_the_playbook_says_so_and_recorded_so(
    queue: Queue, seed: Playbook
) -> None:
    await queue.teach(seed, picking=True)
    first = await queue.lead()
    wanted = await queue.lead(attempts=1)
    given = await queue.serving.pick(ANA, wanted.id)
    again = await queue.serving.pick(ANA, wanted.id)
    assert (given.claim.lead_id, given.claim.why.picked) == (wanted.id, True)
    assert [one.lead_id for one in given.claim.why.runners_up] == [first.id]
    assert given.claim.why.words.endswith("; 1 other could be had")
    assert again.claim.claim_id == given.claim.claim_id
    (claimed,) = await queue.told()
    assert claimed.data.explanation.picked is True


async def test_nobody_picks_where_the_playbook_does_not_say_so(queue: Queue) -> None:
    lead = await queue.lead()
    with pytest.raises(Problem) as problem:
        await queue.serving.pick(ANA, lead.id)
    assert (problem.value.status_code, problem.value.type) == (403, "picking-not-allowed")
    assert await queue.told() == []


async def test_a_lead_that_is_not_ready_cannot_be_picked(queue: Queue, seed: Playbook) -> None:
    await queue.teach(seed, picking=True)
    mine = await queue.lead()
    waiting = await queue.lead(not_before=NOW + HOUR)
    kept = await queue.lead(again="callback", for_rep="eva", due_at=NOW, lapses_at=NOW + 9 * HOUR)
    for lead in (waiting, kept):
        await refused(queue, ANA, lead, 409, "not-ready")
    await queue.serving.pick(ANA, mine.id)
    await refused(queue, BEN, mine, 409, "not-ready")
    await refused(queue, Rep("eva", "enterprise"), mine, 404, "unknown-lead")
    other = await queue.lead()
    await refused(queue, ANA, other, 409, "another-in-hand")


async def refused(queue: Queue, rep: Rep, lead: Lead, status: int, type_: str) -> None:
    with pytest.raises(Problem) as problem:
        await queue.serving.pick(rep, lead.id)
    assert (problem.value.status_code, problem.value.type) == (status, type_)


async def test_a_touch_of_ones_own_may_be_picked_and_is_nobody_elses(
    queue: Queue, seed: Playbook
) -> None:
    await queue.teach(seed, picking=True)
    await queue.lead(for_rep="ben", due_at=NOW)
    (own,) = (await page(queue)).leads
    (seen,) = (await page(queue, caller=MANAGER)).leads
    assert (own.rule, own.bucket, own.may_pick) == (None, "personal", True)
    assert (seen.rule, seen.may_pick) == ("kept-for-rep", False)


async def test_what_a_rep_gave_back_is_listed_as_such_and_still_anybody_elses(
    queue: Queue, seed: Playbook
) -> None:
    await queue.teach(seed, picking=True)
    await queue.lead()
    claim = (await queue.given(BEN)).claim
    await queue.holding.release("ben", claim.claim_id, claim.fence, "no time")
    (own,) = (await page(queue)).leads
    (anas,) = (await page(queue, caller=Caller("ana", frozenset({"rep"}), TEAM))).leads
    assert (own.rule, own.returns_at, own.may_pick) == ("given-back", None, False)
    assert (anas.rule, anas.may_pick) == (None, True)


async def test_managers_are_given_no_lead_and_so_pick_none(queue: Queue, seed: Playbook) -> None:
    await queue.teach(seed, picking=True)
    await queue.lead()
    (seen,) = (await page(queue, caller=MANAGER)).leads
    assert (seen.rule, seen.may_pick) == (None, False)


async def test_a_rep_gives_back_so_many_leads_a_day_and_no_more(queue: Queue) -> None:
    few = queue.with_skips(2)
    for _ in range(3):
        await queue.lead()
    for _ in range(2):
        claim = (await queue.given()).claim
        await few.release("ana", claim.claim_id, claim.fence, "no time")
    claim = (await queue.given()).claim
    with pytest.raises(Problem) as problem:
        await few.release("ana", claim.claim_id, claim.fence, "no time")
    assert (problem.value.status_code, problem.value.type) == (429, "skips-used-up")
    assert 86_000 < int((problem.value.headers or {})["Retry-After"]) <= 86_400
    await queue.execute("update prioritizer.claims set closed_at = closed_at - interval '1 day'")
    await few.release("ana", claim.claim_id, claim.fence, "no time")


@pytest.mark.parametrize("filters", [[], ["channel"], ["cadence", "step"], [*FILTERS]])
@pytest.mark.parametrize(
    ("state", "index"),
    [
        ("ready", "leads_in_order"),
        ("waiting", "leads_by_opening"),
        ("paused", "leads_paused"),
        ("automated", "automated_by_team"),
    ],
)
async def test_a_page_is_read_from_an_index(
    queue: Queue, state: State, index: str, filters: list[str]
) -> None:
    await queue.lead()
    await queue.execute(MANY, 20_000)
    await queue.execute(
        "insert into vault.keys select lead_id, wrapped from prioritizer.leads, vault.keys"
        " on conflict do nothing"
    )
    await queue.execute("analyze prioritizer.leads, vault.keys")
    asked = [name for name in filters if state in {"ready", "waiting"} or name != "tier"]
    page = statement(state, asked)
    names = ("team", "rep_id", "after", "key", "opens", "lapses", "id", "first", "last")
    for place, name in enumerate((*names, *FILTERS), 1):
        page = page.replace(f"%({name})s", f"${place}")
    async with queue.pool.connection() as conn:
        cursor = await conn.execute(f"explain (generic_plan) {page}".encode())
        plan = "\n".join(row[0] for row in await cursor.fetchall())
    assert index in plan, plan
    assert "Seq Scan" not in plan, plan
    within = [
        line for line in plan.splitlines() if "Index Cond: ((team" in line and "ROW(" in line
    ]
    assert len(within) == (2 if state == "ready" else 1), plan
    for name in asked:
        if (state, name) != ("automated", "cadence"):
            asks = "_order >= " if name == "tier" else f"{name} = "
            assert all(asks in one for one in within), plan
