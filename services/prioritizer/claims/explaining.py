"""A claim's explanation, read later: each term of the order, and why the runners-up lost."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from psycopg.rows import class_row
from psycopg_pool import AsyncConnectionPool
from pydantic import AwareDatetime

from engagement.priority import Bucket
from schemas.events.explanation import Blocked, RunnerUp
from schemas.events.fact import Frozen
from services.prioritizer.claims.claim import Claim
from services.prioritizer.claims.why import BLOCKS, Why, counted, sentence
from services.prioritizer.reading import refusals as reading_refusals
from services.runtime.access.roles import Caller

READ = """
select claims.* from prioritizer.claims join prioritizer.leads using (lead_id)
where claims.claim_id = %s and (team = %s or %s)
"""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Term(Frozen):
    """One term of the order of service: the smaller value is served first; ties ask the next."""

    term: str
    value: str
    means: str


class Loser(Frozen):
    """A runner-up, and the first term by which it lost."""

    lead_id: UUID
    tier: str
    lost_by: str
    words: str


class KeptBack(Frozen):
    """Leads that a rule kept back, when the first of them returns, and those that return first."""

    rule: str
    words: str
    leads: int
    returns_at: AwareDatetime | None
    first: tuple[UUID, ...] | None


class Explained(Frozen):
    """Why the claim's rep was given this lead, as it was at `claimed_at`.

    `allowed_by` is the rule that opened the touch, `denied_by` are those that forbade the moments
    before.
    """

    claim_id: UUID
    lead_id: UUID
    rep_id: str
    claimed_at: AwareDatetime
    playbook_digest: str | None
    tier: str
    bucket: Bucket
    words: str
    terms: tuple[Term, ...]
    runners_up: tuple[Loser, ...]
    blocked: tuple[KeptBack, ...]
    allowed_by: str | None
    denied_by: tuple[str, ...]
    inputs: Why

    @classmethod
    def of(cls, claim: Claim) -> "Explained":
        """What was recorded with the claim, put into words."""
        why = claim.why
        return cls(
            claim_id=claim.claim_id,
            lead_id=claim.lead_id,
            rep_id=claim.rep_id,
            claimed_at=claim.claimed_at,
            playbook_digest=why.playbook_digest,
            tier=why.tier,
            bucket=why.bucket,
            words=why.words,
            terms=terms(_place(claim), why.says),
            runners_up=tuple(lost(claim, one) for one in why.runners_up),
            blocked=tuple(map(kept_back, why.blocked)),
            allowed_by=claim.plan.allowed_by,
            denied_by=claim.plan.denied_by or (),
            inputs=why,
        )


@dataclass(frozen=True, slots=True)
class Explaining:
    """Reads the claims of the caller's own team, open and ended; for analysts, those of all."""

    pool: AsyncConnectionPool

    async def claim(self, caller: Caller, claim_id: UUID) -> Explained:
        """Why that claim was made. Raises Problem 404 for one that is not the team's."""
        async with (
            self.pool.connection() as conn,
            conn.cursor(row_factory=class_row(Claim)) as cursor,
        ):
            await cursor.execute(READ, (claim_id, caller.team, "analyst" in caller.roles))
            claim = await cursor.fetchone()
        if claim is None:
            raise reading_refusals.unknown_team_claim(claim_id)
        return Explained.of(claim)


def terms(place: RunnerUp, says: str | None) -> tuple[Term, ...]:
    """Where a lead stands in the order of service, term by term; `says` is its tier's sentence."""
    return (
        Term(term="tier", value=f"{place.tier_order} {place.tier}", means="the tier's own rank"),
        Term(term="order", value=_order(place), means=sentence(place.tier, says)),
        Term(term="not_before", value=place.not_before.isoformat(), means="opened earlier"),
        Term(term="lapses_at", value=place.lapses_at.isoformat(), means="lapses earlier"),
        Term(term="lead_id", value=str(place.lead_id), means="so that no order is left to chance"),
    )


def lost(claim: Claim, other: RunnerUp) -> Loser:
    """Why the other lead was not the one; one that stands before it was in a rep's hands."""
    first, second = _place(claim), other
    if _key(second) < _key(first):
        by, words = _passed_over(claim)
    else:
        pairs = zip(
            terms(first, None), terms(second, None), _key(first), _key(second), strict=True
        )
        won, beaten = next((a, b) for a, b, mine, other_ in pairs if mine != other_)
        by, words = won.term, f"{won.term} {beaten.value} comes after {won.value}"
    return Loser(lead_id=other.lead_id, tier=other.tier, lost_by=by, words=words)


def _passed_over(claim: Claim) -> tuple[str, str]:
    if claim.why.picked:
        return "picked", "it came first, but the rep picked another from the list"
    return "taken", "it came first, but another rep was being given it at that moment"


def _place(claim: Claim) -> RunnerUp:
    why, plan = claim.why, claim.plan
    return RunnerUp(
        lead_id=claim.lead_id,
        tier=why.tier,
        tier_order=why.tier_order,
        order_key=why.order_key,
        not_before=plan.not_before,
        lapses_at=plan.lapses_at,
        terms=why.terms,
    )


def _key(place: RunnerUp) -> tuple[int, int, datetime, datetime, UUID]:
    return place.tier_order, place.order_key, place.not_before, place.lapses_at, place.lead_id


def _order(place: RunnerUp) -> str:
    """The moment from which it waits, and what moved it: a key is the one less the other."""
    scored = place.terms or ()
    waits = timedelta(microseconds=place.order_key) + timedelta(
        minutes=sum(term.minutes for term in scored)
    )
    moment = (_EPOCH + abs(waits)).isoformat()
    moved = "".join(f", {one.minutes:+} min {one.name} ({one.value})" for one in scored)
    return f"{'newest first, ' if waits < timedelta() else ''}{moment}{moved}"


def kept_back(blocked: Blocked) -> KeptBack:
    """The rule, with its words."""
    words = f"{counted(blocked.leads)}: {BLOCKS.get(blocked.rule, blocked.rule)}"
    return KeptBack(**blocked.model_dump(), words=words)
