"""Every choice can be made again from the log: decisions and the queue's facts, no database."""

from datetime import timedelta
from typing import Any

from engagement.attendance import Attendance
from engagement.standings import Standings
from schemas.envelope import Event
from schemas.events.fact import LeadFact
from schemas.events.people import TeamFact
from schemas.events.queue import LeadClaimed
from services.prioritizer.callers import Rep
from services.prioritizer.people.rep_hours import HoursOfReps
from services.prioritizer.people.time_off import TimesOff
from services.prioritizer.serving.kept_back_sql import MOST_BEHIND
from services.runtime.access.roles import Caller
from tests.integration.prioritizer.decisions import NOW, TEAM
from tests.integration.prioritizer.queue import ANA, BEN, Queue
from tests.integration.prioritizer.test_team_hours import REST, shift
from tests.integration.prioritizer.test_tiers import LATER, MINUTE, ORDER

EVA = Rep("eva", TEAM)
MANAGER = Caller("mia", frozenset({"manager"}), TEAM)


class Log:
    """What the queue hears and says, in the order in which it did."""

    def __init__(self, queue: Queue) -> None:
        self.queue, self.facts, self.read = queue, list[Any](), 0

    @property
    def facts_about_leads(self) -> list[LeadFact]:
        """The same, without those about people."""
        return [fact for fact in self.facts if isinstance(fact, LeadFact)]

    async def hear(self, *decisions: Event[Any]) -> None:
        await self.said()
        await self.queue.fold(*decisions)
        self.facts += [one.data for one in decisions]

    async def said(self) -> None:
        told = await self.queue.said()
        self.facts += [one.data for one in told[self.read :]]
        self.read = len(told)

    async def came_in(self, ago: int, plan: dict[str, Any], **entry: Any) -> None:
        lead, at = await self.queue.stranger(), NOW - ago * MINUTE
        opens: dict[str, Any] = {"not_before": at, "lapses_at": LATER, "recorded_at": at}
        await self.hear(lead.entered(at, **entry), lead.planned(**opens | plan))


async def worked(queue: Queue) -> Log:
    """Leads of every tier and of two playbooks; three reps who claim, skip, dispose and leave."""
    log = Log(queue)
    own = {"queue": ORDER.content, "playbook_digest": "e" * 64}
    for ago in (1, 7, 30, 61, 90):
        await log.came_in(ago, {})
        await log.came_in(ago, {"attempts": 1, "due_at": NOW - timedelta(hours=ago)})
        await log.came_in(ago, {"attempts": 2, "again": "retry", "attempt": 2})
        await log.came_in(ago, {"attempts": 2, "again": "end-of-queue", "attempt": 2})
        await log.came_in(ago, {}, **own)
    await log.came_in(1, {"again": "callback", "for_rep": "ben", "due_at": NOW})
    await log.came_in(1, {"not_before": NOW + timedelta(hours=1)})
    for rep in (ANA, BEN, EVA) * 8:
        given = await queue.given(rep)
        claim = given.claim
        match claim.fence + len(log.facts):
            case n if n % 3 == 0:
                await queue.holding.release(rep.rep_id, claim.claim_id, claim.fence, "no time")
            case n if n % 3 == 1:
                await queue.run_out(given)
            case _:
                await queue.dispose(given)
        await log.said()
    return log


async def test_each_choice_and_its_runners_up_follow_from_the_log(queue: Queue) -> None:
    log, standings, choices = await worked(queue), Standings(), 0
    for fact in log.facts_about_leads:
        if isinstance(fact, LeadClaimed) and fact.explanation is not None:
            order = standings.order(TEAM, fact.rep_id, fact.occurred_at)
            why, (first, *following) = fact.explanation, order
            assert (first.lead_id, first.tier) == (fact.lead_id, why.tier)
            assert (first.tier_order, first.order_key) == (why.tier_order, why.order_key)
            told = [(one.lead_id, one.tier_order, one.order_key) for one in why.runners_up]
            assert [(one.lead_id, *one[:2]) for one in following[: len(told)]] == told
            assert min(len(following), MOST_BEHIND) == why.others
            choices += 1
        standings.apply(fact)
    assert choices == 24


async def test_what_went_back_follows_from_the_log(queue: Queue) -> None:
    """Ana leaves with a lead in hand, is given it again, and gives a call of her own back."""
    log, standings, choices = Log(queue), Standings(), list[str]()
    await log.came_in(9, {"again": "callback", "for_rep": "ana", "due_at": NOW})
    await queue.given(ANA)
    await queue.presence.say(ANA, "left")
    own = (await queue.given(ANA)).claim
    await queue.holding.release("ana", own.claim_id, own.fence, "left")
    await queue.given(BEN)
    await log.said()
    for fact in log.facts_about_leads:
        if isinstance(fact, LeadClaimed):
            (first,) = standings.order(TEAM, fact.rep_id, fact.occurred_at)
            assert first.lead_id == fact.lead_id
            assert standings.order(TEAM, "cleo", fact.occurred_at) == [first][: len(choices) // 2]
            choices.append(fact.rep_id)
        standings.apply(fact)
    assert choices == ["ana", "ana", "ben"]


CHANGES = (
    "clocked-in",
    "left",
    "clocked-in",
    "silent",
    "paused",
    "off",
    "back",
    "not now",
    "always",
)


async def changed(queue: Queue, change: str) -> None:
    """Ben does so from now on."""
    off, shifts = TimesOff(queue.pool), HoursOfReps(queue.pool)
    match change:
        case "silent":
            await queue.execute("update prioritizer.presence set until = now()")
        case "off":
            times = NOW - MINUTE, NOW + timedelta(hours=1)
            await off.enter(Caller("ben", frozenset({"rep"}), TEAM), "ben", *times)
        case "back":
            (own,) = await off.coming(MANAGER)
            await off.end(MANAGER, own.id)
        case "not now":
            await shifts.set(MANAGER, "ben", shift(REST))
        case "always":
            await shifts.remove(MANAGER, "ben")
        case "clocked-in" | "left" | "paused":
            await queue.presence.say(BEN, change)


async def test_who_was_absent_at_each_choice_follows_from_the_log(queue: Queue) -> None:
    """Ben leaves, falls silent, comes back, has time off and other hours, while Ana is given
    leads."""
    log, standings, attendance, kept = Log(queue), Standings(), Attendance(), list[str | None]()
    for _ in range(8):
        await log.came_in(5, {"attempts": 1, "for_rep": "ben", "due_at": NOW})
        await log.came_in(5, {"again": "callback", "for_rep": "ben", "due_at": NOW})
        await log.came_in(5, {"attempts": 1})
        await log.came_in(6, {"attempts": 1})
    for change in CHANGES:
        await changed(queue, change)
        for _ in range(2):
            await queue.dispose(await queue.given(ANA))
        await queue.poller.look()
    await log.said()
    for fact in log.facts:
        if isinstance(fact, TeamFact):
            attendance.apply(fact)
    for fact in log.facts_about_leads:
        if isinstance(fact, LeadClaimed) and fact.explanation is not None:
            at = fact.occurred_at
            order = standings.order(TEAM, fact.rep_id, at, attendance.absent(TEAM, at))
            assert order[0].lead_id == fact.lead_id
            assert min(len(order) - 1, MOST_BEHIND) == fact.explanation.others
            kept.append(fact.explanation.kept_for)
        standings.apply(fact)
    assert len(kept) == 18
    assert {None, "absent"} == set(kept)
    assert kept[14:16] == ["absent", "absent"]


async def test_the_same_rows_stand_in_the_database_and_in_the_fold(queue: Queue) -> None:
    log, standings = await worked(queue), Standings()
    await queue.poller.look()
    await log.said()
    for fact in log.facts_about_leads:
        standings.apply(fact)
    rows = await queue.rows(
        "select tier_order, order_key, not_before, lapses_at, lead_id, tier, now() as at"
        " from prioritizer.queue where team = %s and anyone_from <= now() order by 1, 2, 3, 4, 5",
        TEAM,
    )
    at = rows[0]["at"]
    found = [tuple(row.values())[:-1] for row in rows]
    assert found == standings.order(TEAM, "nobody", at)
