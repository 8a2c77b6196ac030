"""One run of everybody around Touchline: senders, reps, a mail tool and a CRM, all at once."""

import asyncio
import random
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from schemas import topics
from schemas.envelope import Event
from services.runtime.kafka.brokers import Brokers
from simulator.crm import Crm
from simulator.people import Person, person
from simulator.reps import Rep, Worked
from simulator.senders import MailTool, Sender, until_taken
from simulator.tally import Reconciliation, Tally, reconcile
from simulator.watch import Watch

WATCHED = (topics.LEAD_EVENTS, topics.CADENCE_DECISIONS, topics.SQL_HANDOFF)
REPLY_SHARE = 0.05
"""How many of the leads answer by mail by themselves: for the demo's show, not a finding."""


@dataclass(frozen=True, slots=True)
class Script:
    """How much happens: the same seed sends the same people through the same senders."""

    seed: int
    leads: int
    leads_per_second: float
    seconds_per_touch: float
    settle_seconds: float = 30.0
    """How long at the most to wait, after the last lead, for everything to arrive."""
    salt: str = ""
    """Makes the people others than those of an earlier run on the same servers."""


@dataclass(slots=True)
class Run:
    """What the people outside know: what they sent, what they were given, what they could read."""

    tally: Tally = field(default_factory=Tally)
    sent: Counter[str] = field(default_factory=Counter)
    retried: int = 0
    worked: list[Worked] = field(default_factory=list)

    def reconciliation(self) -> Reconciliation:
        """What was sent against what the topics show."""
        return reconcile(self.sent.total(), self.tally.own())


class Simulation:
    """Plays a script against a running stack."""

    def __init__(
        self,
        script: Script,
        brokers: Brokers,
        senders: Sequence[Sender],
        mail_tool: MailTool,
        reps: Sequence[Rep],
    ) -> None:
        self.run = Run()
        self._script = script
        self._senders = senders
        self._mail_tool = mail_tool
        self._reps = reps
        self._crm = Crm(brokers)
        self._watch = Watch(brokers, WATCHED)
        self._watch.from_now()

    async def play(self) -> Run:
        """Sends all leads, works them meanwhile, and waits until everything has arrived."""
        threads = self._listening(asyncio.get_running_loop())
        try:
            async with self._working():
                await self._send_all()
                await self._until(self._arrived)
            await self._until(self._at_rest)
        finally:
            await asyncio.to_thread(self._close, threads)
        return self.run

    @asynccontextmanager
    async def _working(self) -> AsyncIterator[None]:
        over, tell = asyncio.Event(), self.run.worked.append
        working = [asyncio.create_task(rep.work(tell, over)) for rep in self._reps]
        try:
            yield
            over.set()
            ended, _ = await asyncio.wait(working, timeout=self._script.settle_seconds)
            for task in ended:
                task.result()
        finally:
            for task in working:
                task.cancel()
            await asyncio.gather(*working, return_exceptions=True)

    async def _send_all(self) -> None:
        chance = random.Random(self._script.seed)
        started = time.monotonic()
        try:
            async with asyncio.TaskGroup() as under_way:
                for number in range(self._script.leads):
                    due = started + number / self._script.leads_per_second
                    await asyncio.sleep(max(0.0, due - time.monotonic()))
                    sender = chance.choice(self._senders)
                    replies = chance.random() < REPLY_SHARE
                    lead = person(self._script.seed, number, self._script.salt)
                    under_way.create_task(self._send(sender, lead, replies))
        except ExceptionGroup as errors:
            raise errors.exceptions[0] from None

    async def _send(self, sender: Sender, lead: Person, replies: bool) -> None:
        await self._until_taken(sender.send, lead)
        self.run.sent[sender.name] += 1
        if replies:
            await asyncio.sleep(self._script.seconds_per_touch)
            await self._until_taken(self._mail_tool.reply, lead)

    async def _until_taken(self, send: Callable[[Person], Awaitable[None]], lead: Person) -> None:
        refused = await until_taken(send, lead)
        self.run.retried += refused  # in a statement of its own: others add while this one waits

    async def _until(self, holds: Callable[[], bool]) -> None:
        deadline = time.monotonic() + self._script.settle_seconds
        while time.monotonic() < deadline:
            if holds():
                return
            await asyncio.sleep(0.2)

    def _arrived(self) -> bool:
        """Every lead was touched, and every one that qualified is answered by the CRM."""
        tally = self.run.tally.own()
        untouched = tally.created.keys() - tally.first_touch.keys() - tally.ended.keys()
        unanswered = tally.qualified - {
            lead for handoff, lead in tally.handoffs.items() if handoff in tally.answered
        }
        return self.run.reconciliation().holds and not untouched and not unanswered

    def _at_rest(self) -> bool:
        """The same, and every touch that reps told of is in the log and decided upon."""
        tally = self.run.tally
        told = Counter(fact.lead_id for fact in tally.touches.values() if fact.rep_id)
        made = Counter(UUID(one.claim["lead"]["id"]) for one in self.run.worked)
        return made <= told and not tally.undecided() and self._arrived()

    def _listening(self, loop: asyncio.AbstractEventLoop) -> list[threading.Thread]:
        """Counts on the loop's thread, where everybody else reads the counts."""

        def count(event: Event[Any]) -> None:
            loop.call_soon_threadsafe(self.run.tally.add, event)

        threads = [
            threading.Thread(target=self._crm.answer, daemon=True),
            threading.Thread(target=self._watch.tell_until_stopped, args=(count,), daemon=True),
        ]
        for thread in threads:
            thread.start()
        return threads

    def _close(self, threads: list[threading.Thread]) -> None:
        self._crm.stop()
        self._watch.stop()
        for thread in threads:
            thread.join()
        self._watch.close()
