"""How a lead enters a cadence, for the first time or again."""

from engagement.cadence.evolve import enrol
from engagement.cadence.facts import Cause, Decision, enrolment_of
from engagement.cadence.plan import next_step, plan
from engagement.cadence.playbooks import Playbooks
from engagement.cadence.state import NotEntered, Outside
from engagement.decider import Refused
from engagement.playbook import Cadence, Playbook
from schemas.events.decision import CadenceEntered
from schemas.events.lead import LeadCreated

NO_PLAYBOOK = Refused(
    "no-playbook",
    "no playbook was in force in this partition; run `touchline playbook publish`, then redrive",
)


def enter(
    playbooks: Playbooks, state: Outside, cause: Cause, fact: LeadCreated
) -> tuple[Decision, ...] | Refused:
    """Entry at once, with the first touch planned; nothing for a lead that must be left alone."""
    if not _welcome(state, fact):
        return ()
    if playbooks.current is None:
        return NO_PLAYBOOK
    cadence = playbooks.current.entry_for(fact.features)
    first = next_step(cadence, 0, state.opted_out)
    if first is None:
        return ()  # every step is on a channel that the lead asked not to be contacted on
    entered = _entered(playbooks.current, cadence, cause, fact)
    active = enrol(playbooks, state, entered)
    return entered, plan(playbooks.current, active, first, fact)


def _welcome(state: Outside, fact: LeadCreated) -> bool:
    """A lead who opted out stays out, one who qualified is the CRM's; only a new fact is news."""
    if isinstance(state, NotEntered):
        return "all" not in state.opted_out
    news = fact.recorded_at > state.ended_at
    return news and state.reason != "qualified" and "all" not in state.opted_out


def _entered(
    playbook: Playbook, cadence: Cadence, cause: Cause, fact: LeadCreated
) -> CadenceEntered:
    return CadenceEntered(
        lead_id=fact.lead_id,
        occurred_at=fact.recorded_at,
        recorded_at=fact.recorded_at,
        enrolment_id=enrolment_of(cause),
        cadence=cadence.name,
        playbook_digest=playbook.digest,
        team=playbook.team,
        features=fact.features,
        sealed=fact.sealed,
    )
