"""What a move to another version would do to each running lead, by the rules that decide it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from cli.running_leads import Running
from engagement.cadence.facts import Decision
from engagement.decider import Refused
from engagement.playbook import Playbook
from schemas.envelope import Envelope, Event, derived_id
from schemas.events.decision import CadenceEnded
from schemas.events.fact import LeadFact
from schemas.events.lead import EnrolmentMoved
from schemas.events.plan import TouchPlanned

Verdict = Literal["stays", "moves", "shifts"]
"""The lead stays on its version; it moves and keeps its touch; it moves and its touch changes."""


@dataclass(frozen=True, slots=True)
class Aim:
    """Which enrolments are to go where. `cadences` tells those that are called otherwise there."""

    sources: frozenset[str]
    target: Playbook
    cadences: Mapping[str, str]
    only_returning: bool = False
    """Only leads who entered with the target: what undoes a migration, and moves nobody else."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of one lead; `why` it stays, and its next touch before and after."""

    verdict: Verdict
    lead: Running
    why: str = ""
    move: EnrolmentMoved | None = None
    before: TouchPlanned | None = None
    after: TouchPlanned | None = None


def outcomes(leads: Iterable[Running], aim: Aim, now: datetime) -> Iterator[Outcome]:
    """What a move that is recorded `now` does to each of the leads; none is changed."""
    for lead in leads:
        why = _why_it_stays(lead, aim)
        yield Outcome("stays", lead, why) if why else _moved(lead, aim, now)


def _why_it_stays(lead: Running, aim: Aim) -> str:
    enrolment = lead.state.enrolment
    to = aim.cadences.get(enrolment.cadence, enrolment.cadence)
    if enrolment.playbook_digest not in aim.sources:
        return f"it is on {enrolment.playbook_digest[:12]}"
    if (enrolment.playbook_digest, enrolment.cadence) == (aim.target.digest, to):
        return "it is there already"
    if aim.only_returning and lead.enrolled.entered_with != aim.target.digest:
        return f"it entered with {lead.enrolled.entered_with[:12]}"
    if to not in aim.target.cadence:
        return f"no cadence {to} there; name one by --cadence {enrolment.cadence}=NAME"
    return ""


def _moved(lead: Running, aim: Aim, now: datetime) -> Outcome:
    move = _move(lead, aim, now)
    decided = _decided(lead, move)
    if isinstance(decided, Refused):
        return Outcome("stays", lead, decided.reason)
    if not decided:
        return Outcome("stays", lead, "it was moved later than now")
    if any(isinstance(fact, CadenceEnded) for fact in decided):
        return Outcome("stays", lead, "no touch is left for it there")
    after = next((fact for fact in decided if isinstance(fact, TouchPlanned)), None)
    verdict: Verdict = "moves" if after is None else "shifts"
    return Outcome(verdict, lead, "", move, lead.open, after or lead.open)


def _move(lead: Running, aim: Aim, now: datetime) -> EnrolmentMoved:
    enrolment = lead.state.enrolment
    return EnrolmentMoved(
        lead_id=lead.lead_id,
        occurred_at=now,
        recorded_at=now,
        enrolment_id=enrolment.id,
        playbook_digest=aim.target.digest,
        cadence=aim.cadences.get(enrolment.cadence, enrolment.cadence),
        features=lead.enrolled.features,
    )


def _decided(lead: Running, move: EnrolmentMoved) -> Sequence[Decision] | Refused:
    """What the cadence would answer; the state of the lead stays as it is."""
    cause: Event[LeadFact] = Event(Envelope(derived_id("dry-run"), "/touchline/cli"), move)
    _, decided = lead.partition.rules.step(lead.state, cause)
    return decided
