"""Whatever reps, leads and time do, in whatever order: the queue does as a small model says."""

import asyncio
from collections.abc import Awaitable
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any, ClassVar, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as some
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from engagement.playbook import Playbook
from schemas.envelope import Event
from schemas.events.plan import TouchPlanned
from services.prioritizer.callers import Rep
from services.prioritizer.claims.holding import Disposition
from services.runtime.doors.problem import Problem
from tests.integration.prioritizer.decisions import NOW, TEAM, Lead
from tests.integration.prioritizer.limits import limited
from tests.integration.prioritizer.queue import Queue, opened
from tests.integration.prioritizer.queue_model import Hold, Known

PLACES = 2
REPS = [Rep(name, TEAM) for name in ("ana", "ben", "cy")]
EMPTY = """truncate prioritizer.leads, prioritizer.claims, prioritizer.presence, prioritizer.outbox
cascade"""
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
T = TypeVar("T")


class QueueMachine(RuleBasedStateMachine):
    """The model beside the queue, asked the same."""

    url: ClassVar[str]
    seed: ClassVar[Playbook]

    def __init__(self) -> None:
        super().__init__()
        self.runner, self.stack = asyncio.Runner(), AsyncExitStack()
        self.leads: list[Known] = []
        self.holds: list[Hold] = []
        self.touches = 0
        self.queue: Queue = self.do(self.begin())

    async def begin(self) -> Queue:
        """An empty queue whose reps hold two leads, and pick."""
        queue = await self.stack.enter_async_context(opened(self.url))
        await queue.execute(EMPTY)
        await queue.execute("delete from prioritizer.playbooks")
        await queue.teach(self.seed, picking=True)
        await limited(queue, open_claims_per_rep=PLACES)
        return queue

    def teardown(self) -> None:
        """Let the connections go."""
        self.do(self.stack.aclose())
        self.runner.close()

    def do(self, work: Awaitable[T]) -> T:
        """Carry it out."""

        async def done() -> T:
            return await work

        return self.runner.run(done())

    def refused(self, work: Awaitable[Any]) -> str | None:
        """By which rule, if it is."""
        try:
            self.do(work)
        except Problem as problem:
            return problem.type
        return None

    def expire(self) -> None:
        """What every question does first."""
        for hold in self.holds:
            if hold.state == "open" and hold.out:
                hold.state, hold.known.holder = "expired", None

    def hand(self, rep: Rep) -> list[Hold]:
        """What the rep holds, oldest first."""
        return [one for one in self.holds if one.rep == rep and one.state == "open"]

    def take(self, given: Any, rep: Rep, known: Known) -> None:
        """The queue gave this lead, and the model too."""
        claim = given.claim
        known.fence += 1
        assert (claim.lead_id, claim.fence) == (known.lead.id, known.fence)
        assert claim.plan.plan_id == known.plan
        hold = Hold(known, rep, claim.claim_id, claim.fence, claim.plan.plan_id)
        known.holder = hold
        self.holds.append(hold)

    @rule()
    def come(self) -> None:
        """A lead comes in, behind all others."""
        lead, place = self.do(self.queue.stranger()), len(self.leads)
        planned = planned_for(lead, place)
        self.do(self.queue.fold(lead.entered(), planned))
        self.leads.append(Known(lead, place, planned.data.plan_id))

    @precondition(lambda self: self.leads)
    @rule(data=some.data(), ends=some.booleans())
    def plan_otherwise(self, data: some.DataObject, ends: bool) -> None:
        """The cadence ends, or goes on."""
        known = data.draw(some.sampled_from(self.leads))
        planned = planned_for(known.lead, known.place)
        self.do(self.queue.fold(known.lead.ended() if ends else planned))
        known.plan = None if ends else planned.data.plan_id

    @rule(rep=some.sampled_from(REPS))
    def ask(self, rep: Rep) -> None:
        """The first that is free; with full hands the last one again."""
        given = self.do(self.queue.serving.next(rep))
        self.expire()
        hand, free = self.hand(rep), [one for one in self.leads if one.free_for(rep)]
        if len(hand) >= PLACES:
            assert given is not None
            assert given.claim.claim_id == hand[-1].id
        elif free:
            self.take(given, rep, free[0])
        else:
            assert given is None

    @precondition(lambda self: self.leads)
    @rule(rep=some.sampled_from(REPS), data=some.data())
    def pick(self, rep: Rep, data: some.DataObject) -> None:
        """A certain one, where it is free or the rep's."""
        known = data.draw(some.sampled_from(self.leads))
        try:
            given = self.do(self.queue.serving.pick(rep, known.lead.id))
        except Problem as problem:
            given, why = None, problem.type
            self.do(self.queue.poller.look())  # a refusal takes back what its question ended
        self.expire()
        hand = self.hand(rep)
        if known.holder in hand:
            assert given is not None
            assert given.claim.claim_id == known.holder.id
        elif len(hand) >= PLACES:
            assert (given, why) == (None, "another-in-hand")
        elif known.free_for(rep):
            self.take(given, rep, known)
        else:
            assert (given, why) == (None, "not-ready")

    @precondition(lambda self: self.holds)
    @rule(data=some.data())
    def renew(self, data: some.DataObject) -> None:
        """While it is held and wanted."""
        hold = data.draw(some.sampled_from(self.holds))
        why = self.refused(self.queue.holding.renew(hold.rep.rep_id, hold.id, hold.fence))
        if hold.state in ("released", "disposed", "left"):
            assert why == "already-closed"
        elif hold.state == "expired" or hold.out:
            assert why == "lease-lost"
        else:
            assert why == (None if hold.known.plan == hold.plan else "plan-withdrawn")

    @precondition(lambda self: self.holds)
    @rule(data=some.data())
    def release(self, data: some.DataObject) -> None:
        """While it is held; again, it is the same."""
        hold = data.draw(some.sampled_from(self.holds))
        release = self.queue.holding.release
        why = self.refused(release(hold.rep.rep_id, hold.id, hold.fence, "no time"))
        if hold.state in ("disposed", "left"):
            assert why == "already-closed"
        elif hold.state == "expired" or (hold.state == "open" and hold.out):
            assert why == "lease-lost"
        else:
            assert why is None
        if hold.state == "open" and why is None:
            hold.state, hold.known.holder = "released", None
            hold.known.back.add((hold.rep.rep_id, hold.plan))

    @precondition(lambda self: self.holds)
    @rule(data=some.data())
    def dispose(self, data: some.DataObject) -> None:
        """While it is held, and late as long as nobody else was given the lead; again the same."""
        hold = data.draw(some.sampled_from(self.holds))
        end = Disposition("no-answer", None, None)
        dispose = self.queue.holding.dispose
        why = self.refused(dispose(hold.rep.rep_id, hold.id, hold.fence, end))
        if hold.state == "disposed":
            assert why is None
        elif hold.untold:
            assert why is None
            hold.known.holder, hold.known.answered = None, hold.plan
            hold.state = "disposed"
            self.touches += 1
        else:
            assert why == ("lease-lost" if hold.state == "expired" else "already-closed")

    @rule(rep=some.sampled_from(REPS))
    def leave(self, rep: Rep) -> None:
        """All that the rep holds goes back."""
        self.do(self.queue.presence.say(rep, "left"))
        self.expire()
        for hold in self.hand(rep):
            hold.state, hold.known.holder = "left", None

    @precondition(lambda self: any(one.state == "open" for one in self.holds))
    @rule(data=some.data(), noticed=some.booleans())
    def time_passes(self, data: some.DataObject, noticed: bool) -> None:
        """A lease runs out."""
        hold = data.draw(some.sampled_from([one for one in self.holds if one.state == "open"]))
        over = "update prioritizer.claims set leased_until = now() where claim_id = %s"
        self.do(self.queue.execute(over, hold.id))
        hold.out = True
        if noticed:
            self.do(self.queue.poller.look())
            self.expire()

    @invariant()
    def the_table_is_as_the_model(self) -> None:
        """Who holds whom, by which fence, and how many touches were told."""
        rows = self.do(self.queue.rows("select lead_id, fence, claim_id from prioritizer.leads"))
        assert {(row["lead_id"], row["fence"], row["claim_id"]) for row in rows} == {
            (one.lead.id, one.fence, one.holder.id if one.holder else None) for one in self.leads
        }
        told = [one.data.type for one in self.do(self.queue.told())]
        assert told.count("touch-logged") == self.touches
        assert told.count("lead-claimed") == len(self.holds)


def planned_for(lead: Lead, place: int) -> Event[TouchPlanned]:
    """A touch that is open all day, and due after those of the leads that came before."""
    return lead.planned(attempts=1, due_at=NOW + place * MINUTE, lapses_at=NOW + DAY)


def test_the_queue_does_as_its_model(database: str, seed: Playbook) -> None:
    machine = type("Machine", (QueueMachine,), {"url": database, "seed": seed})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=12,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=[*HealthCheck],
        ),
    )
