"""The console's pages that show something, each to those of the team alone."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import get_args
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Response
from pydantic import TypeAdapter, ValidationError

from engagement.playbook import Playbook
from engagement.playbook.script import filled
from engagement.priority import Bucket
from schemas.events.fact import Channel, Features
from schemas.events.plan import TouchPlanned
from services.prioritizer.callers import Rep
from services.prioritizer.claims.callbacks import FURTHEST
from services.prioritizer.claims.explaining import Explained
from services.prioritizer.console import board
from services.prioritizer.console.pages import page
from services.prioritizer.lists.listed import Part, State, Wanted
from services.prioritizer.lists.listing import Lists
from services.prioritizer.people.presence import Presence
from services.prioritizer.reading.timeline import Timeline, Timelines
from services.prioritizer.serving.serving import Serving
from services.prioritizer.table.playbooks import Playbooks, whereabouts
from services.prioritizer.table.ranking import tiers
from services.runtime.access.roles import Caller
from services.runtime.doors.problem import Problem

A_PAGE = 50
FILTERS = {
    "state": get_args(State),
    "bucket": get_args(Bucket),
    "tier": (),
    "cadence": (),
    "channel": get_args(Channel),
    "part": get_args(Part),
}
WANTED = TypeAdapter(Wanted)
QUIET = timedelta(minutes=30)
"""How long a page keeps its lease without a sign of its rep: longer than most calls take."""


@dataclass(frozen=True, slots=True)
class Reads:
    """Everything that the pages read from."""

    serving: Serving
    presence: Presence
    timelines: Timelines
    lists: Lists
    playbooks: Playbooks

    async def next_lead(
        self, caller: Caller, problem: str | None, claim_id: str | None = None
    ) -> Response:
        """A lead in hand, with all that a rep needs for the touch: that of the claim, or else the
        one that was given last, and links to the others."""
        rep = Rep(caller.subject, caller.team or "")
        held, standing = await self.serving.in_hand(rep), await self.presence.of(rep)
        asked = (one for one in held if str(one.claim.claim_id) == claim_id)
        given = next(asked, held[0] if held else None)
        if given is None:
            now = await self._now()
            return page(
                "next.html", caller=caller, problem=problem, given=None, standing=standing, now=now
            )
        claim = given.claim
        async with self.serving.pool.connection() as conn:
            digest = claim.why.playbook_digest
            playbook = await self.playbooks.get(conn, digest)
            script = await self.playbooks.script(conn, digest, claim.plan)
        place = whereabouts(given.features, playbook)
        now = await self._now()
        return page(
            "next.html",
            caller=caller,
            problem=problem,
            given=given,
            others=[one for one in held if one is not given],
            room=len(held) < await self.serving.places(rep),
            standing=standing,
            now=now,
            script=script and filled(script, given.person),
            time_zone=place.time_zone,
            results=_results(claim.plan, playbook),
            callback=Callback.of(claim.plan, playbook, now),
            renew_seconds=max(1, int(self.serving.lease.total_seconds() // 3)),
            quiet_seconds=int(QUIET.total_seconds()),
            why=Explained.of(claim),
            timeline=await self._of_the_team(caller, claim.lead_id),
        )

    async def lead(self, caller: Caller, lead_id: UUID) -> Response:
        """What happened to a lead."""
        timeline = await self.timelines.of(caller, lead_id)
        zone = await self._time_zone(timeline.features, timeline.playbook_digest)
        return page("lead.html", caller=caller, timeline=timeline, time_zone=zone)

    async def listed(self, caller: Caller, asked: dict[str, str]) -> Response:
        """A page of a list."""
        problem, cursor = asked.pop("problem", None), asked.pop("cursor", None)
        wished = {field: value for field, value in asked.items() if value}
        try:
            wanted = WANTED.validate_python(wished)
        except ValidationError:
            wished, wanted, problem = {}, Wanted(), "no-such-filter"
        leads = await self.lists.page(caller, wanted, cursor, A_PAGE)
        return page(
            "lists.html",
            caller=caller,
            problem=problem,
            filters=FILTERS | await self._named(),
            asked=wished,
            leads=leads,
            more="/lists?" + urlencode({**wished, "cursor": leads.next or ""}),
        )

    async def board(self, caller: Caller) -> Response:
        """The team's queue at a glance."""
        async with self.serving.pool.connection() as conn:
            seen = await board.look(conn, self.serving.vault, caller.team or "")
        people = await self.presence.team(caller.team or "")
        return page("board.html", caller=caller, board=seen, people=people, now=seen.at)

    async def _of_the_team(self, caller: Caller, lead_id: UUID) -> Timeline | None:
        """Nothing where the lead became another team's while the rep holds it."""
        try:
            return await self.timelines.of(caller, lead_id)
        except Problem as problem:
            if problem.type != "unknown-lead":
                raise
            return None

    async def _named(self) -> dict[str, tuple[str, ...]]:
        """What playbooks named, to choose from."""
        async with self.serving.pool.connection() as conn:
            return {"tier": await tiers(conn), "cadence": await self.playbooks.cadences(conn)}

    async def _now(self) -> datetime:
        async with self.serving.pool.connection() as conn:
            row = await (await conn.execute("select clock_timestamp()")).fetchone()
        assert row is not None  # noqa: S101 - it selects one
        now: datetime = row[0]
        return now

    async def _time_zone(self, features: Features, digest: str | None) -> str:
        async with self.serving.pool.connection() as conn:
            playbook = await self.playbooks.get(conn, digest)
        return whereabouts(features, playbook).time_zone


@dataclass(frozen=True, slots=True)
class Callback:
    """Which callbacks a form takes: between these moments, and with which of the results."""

    earliest: datetime
    latest: datetime
    codes: frozenset[str]

    @classmethod
    def of(cls, plan: TouchPlanned, playbook: Playbook | None, now: datetime) -> "Callback | None":
        """None where no result of the touch keeps a callback."""
        codes = playbook.calling_back.intersection(plan.result_codes) if playbook else frozenset()
        if not codes:
            return None
        return cls(now + timedelta(minutes=1), now + FURTHEST, codes)


def _results(plan: TouchPlanned, playbook: Playbook | None) -> list[tuple[str, str]]:
    labels = {one.code: one.label for one in playbook.results} if playbook else {}
    return [(code, labels.get(code, code)) for code in plan.result_codes]
