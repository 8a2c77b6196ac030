"""How a lead enters a cadence, for the first time or again."""

from engagement.cadence.advance import onwards
from engagement.cadence.ending import break_off, ended
from engagement.cadence.evolve import enrol, finish
from engagement.cadence.facts import Cause, Decision, enrolment_of
from engagement.cadence.playbooks import Playbooks
from engagement.cadence.state import Active, NotEntered, Outside
from engagement.cadence.until import within
from engagement.decider import Refused
from engagement.experiment.dealing import Choice, choose, heard
from engagement.playbook import Cadence
from engagement.playbook.ruleset import Ruleset
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
    choice = choose(playbooks.current, state, fact)
    return *choice.told, *_start(playbooks, choice, state, cause, fact)


def enter_anew(
    playbooks: Playbooks, state: Active, cause: Cause, fact: LeadCreated
) -> tuple[Decision, ...]:
    """Entry of a lead whose enrolment still runs, where the rules of its cadence allow it."""
    current = playbooks.current
    if current is None or state.entered_at is None or fact.recorded_at <= state.entered_at:
        return ()
    choice = choose(current, state, fact)
    outside = finish(playbooks, state, ended(state, fact, "closed", "re-entered"))
    started = _start(playbooks, choice, outside, cause, fact)
    if not started:
        return choice.told
    return (*choice.told, *break_off(state, fact, "closed", "re-entered"), *started)


def _start(
    playbooks: Playbooks, choice: Choice, state: Outside, cause: Cause, fact: LeadCreated
) -> tuple[Decision, ...]:
    playbook, cadence = choice.playbook, choice.cadence
    if cadence is None or not _may_return(state, playbook.ruleset[cadence.name]):
        return ()
    entered = _entered(choice, cadence, cause, fact)
    active = enrol(playbooks, heard(state, choice), entered)
    before, plan = onwards(playbook, active, 0, fact)
    if plan is None:
        return ()  # every step is on a channel closed to the lead, or for other leads
    return entered, *within(playbook, active, fact, (*before, plan))


def _may_return(state: Outside, rules: Ruleset) -> bool:
    if isinstance(state, NotEntered):
        return True
    return rules.re_entry != "refuse" and (state.exit or state.reason) not in rules.stay_out_after


def _welcome(state: Outside, fact: LeadCreated) -> bool:
    """A lead who opted out stays out, one who qualified is the CRM's; only a new fact is news."""
    if isinstance(state, NotEntered):
        return "all" not in state.opted_out
    news = fact.recorded_at > state.ended_at
    return news and state.reason != "qualified" and "all" not in state.opted_out


def _entered(choice: Choice, cadence: Cadence, cause: Cause, fact: LeadCreated) -> CadenceEntered:
    return CadenceEntered(
        lead_id=fact.lead_id,
        occurred_at=fact.recorded_at,
        recorded_at=fact.recorded_at,
        enrolment_id=enrolment_of(cause),
        cadence=cadence.name,
        playbook_digest=choice.playbook.digest,
        team=choice.playbook.team_for(fact.features),
        features=fact.features,
        sealed=fact.sealed,
        experiment=choice.experiment,
    )
