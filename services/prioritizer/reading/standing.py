"""Where a lead stands at this moment: how many come first, or which rule keeps it back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from psycopg.rows import class_row
from psycopg_pool import AsyncConnectionPool
from pydantic import AwareDatetime

from schemas.events.explanation import RunnerUp, ScoreTerm
from schemas.events.fact import Frozen
from schemas.events.plan import TouchPlanned
from services.prioritizer.claims.explaining import Term, terms
from services.prioritizer.claims.why import BLOCKS, counted, sentence, window
from services.prioritizer.reading import refusals as reading_refusals
from services.prioritizer.reading.standing_sql import LOOK
from services.runtime.access.roles import Caller

_MEANS: Mapping[str, str] = MappingProxyType(
    {
        **BLOCKS,
        "erased": "the person was erased",
        "nothing-planned": "no touch is planned",
        "lapsed": "the touch was not made in time",
    }
)


class LeadExplained(Frozen):
    """Where the lead is now. A `rule` keeps it back, until `returns_at` where that is known.

    `before` counts the ready leads that come first, up to 25; `next` says that none does.
    `allowed_by` is the rule that opens the touch, `denied_by` are those that forbade the moments
    before, as they were when it was planned.

    For a rep, what is kept for the rep counts as ready; a touch that the rep gave back does not.
    """

    lead_id: UUID
    playbook_digest: str | None
    words: str
    tier: str | None
    terms: tuple[Term, ...]
    next: bool
    before: int | None
    rule: str | None
    returns_at: AwareDatetime | None
    allowed_by: str | None
    denied_by: tuple[str, ...]
    waits_for: str | None
    lapses_at: AwareDatetime | None
    held_by: str | None


class Told(Frozen):
    """What the playbook says of the tier."""

    says: str
    windows: tuple[int, ...] | None


class Row(Frozen):
    """What the database knows of the lead at `asked_at`."""

    lead_id: UUID
    playbook_digest: str | None
    tier: str | None
    tier_order: int | None
    order_key: int | None
    terms: tuple[ScoreTerm, ...] | None
    told: Told | None
    age_seconds: int | None
    not_before: datetime | None
    lapses_at: datetime | None
    anyone_from: datetime | None
    for_rep: str | None
    asked_at: datetime
    planned: bool
    waits: str | None
    waits_until: datetime | None
    paused: bool
    plan: TouchPlanned | None
    reopens_at: datetime | None
    tools_from: datetime | None
    held_by: str | None
    held_until: datetime | None
    known: bool
    given_back: bool
    owner_away: bool
    limited: str | None
    limited_until: datetime | None
    before: int


@dataclass(frozen=True, slots=True)
class Standings:
    """Looks at leads of the caller's own team; for analysts, at all."""

    pool: AsyncConnectionPool

    async def of(self, caller: Caller, lead_id: UUID) -> LeadExplained:
        """Where the lead stands for the caller. Raises Problem 404 for one not the team's."""
        rep_id = caller.subject if "rep" in caller.roles else None
        asked: dict[str, object] = {"lead_id": lead_id, "team": caller.team, "rep_id": rep_id}
        asked["all_teams"] = "analyst" in caller.roles
        async with (
            self.pool.connection() as conn,
            conn.cursor(row_factory=class_row(Row)) as cursor,
        ):
            await cursor.execute(LOOK.encode(), asked)
            row = await cursor.fetchone()
        if row is None:
            raise reading_refusals.unknown_lead(lead_id)
        return standing(row, rep_id)


def standing(row: Row, rep_id: str | None) -> LeadExplained:
    """The row, put into words for this rep, or for somebody who is none."""
    rule, returns_at = _kept_back(row, rep_id)
    before, plan = None if rule else row.before, row.plan
    return LeadExplained(
        lead_id=row.lead_id,
        playbook_digest=row.playbook_digest,
        words=_words(row, rule, returns_at),
        tier=row.tier,
        terms=_terms(row),
        next=before == 0,
        before=before,
        rule=rule,
        returns_at=returns_at,
        allowed_by=plan and plan.allowed_by,
        denied_by=(plan and plan.denied_by) or (),
        waits_for=plan and plan.waits_for,
        lapses_at=plan and plan.lapses_at,
        held_by=row.held_by,
    )


def _kept_back(row: Row, rep_id: str | None) -> tuple[str | None, datetime | None]:  # noqa: PLR0911
    """The first rule that keeps it back, and until when; each rule has its line."""
    if not row.known:
        return "erased", None
    if row.held_by:
        return "held", row.held_until
    if row.tools_from:
        return "for-tools", None
    if row.paused:
        return "paused", None
    if not (row.planned and row.not_before and row.lapses_at and row.anyone_from):
        return "nothing-planned", None
    if row.waits:
        return row.waits, row.waits_until
    if row.lapses_at <= row.asked_at:
        return ("window-not-open", row.reopens_at) if row.reopens_at else ("lapsed", None)
    if row.given_back:
        return "given-back", None
    if row.for_rep != rep_id and row.asked_at < row.anyone_from and not row.owner_away:
        return "kept-for-rep", row.anyone_from
    return row.limited, row.limited_until


def _terms(row: Row) -> tuple[Term, ...]:
    if row.tier is None:
        return ()
    says = row.told.says if row.told else None
    return terms(RunnerUp.model_validate(row, from_attributes=True), says)


def _words(row: Row, rule: str | None, returns_at: datetime | None) -> str:
    if rule or row.tier is None:
        until = f", until {returns_at.isoformat()}" if returns_at else ""
        return f"not served: {_MEANS[rule or 'nothing-planned']}{until}"
    place = f"after {counted(row.before)} other{'' if row.before == 1 else 's'}"
    says, windows = (row.told.says, row.told.windows) if row.told else (None, None)
    age = window(windows, row.age_seconds)
    reason = "; ".join(filter(None, (sentence(row.tier, says), age)))
    return f"{row.tier}: {reason}; {place if row.before else 'served next'}"
