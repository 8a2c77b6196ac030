"""How a lead enters a cadence, for the first time or again."""

from datetime import datetime
from uuid import UUID

from engagement.cadence.advance import onwards
from engagement.cadence.ending import break_off, ended
from engagement.cadence.enrolling import enrol
from engagement.cadence.evolve import finish
from engagement.cadence.facts import Cause, Decision, enrolment_of
from engagement.cadence.playbooks import Playbooks
from engagement.cadence.refusing import CHANNELS_CLOSED, kept_out, refusal, to_be_left_alone
from engagement.cadence.state import Active, Ended, Outside, State
from engagement.cadence.until import within
from engagement.cadence.updated import completed
from engagement.decider import Refused
from engagement.experiment.dealing import Choice, choose, heard
from engagement.experiment.exposure import held_out
from engagement.playbook import Cadence
from schemas.events.decision import CadenceEntered
from schemas.events.lead import LeadCreated

NO_PLAYBOOK = Refused(
    "no-playbook",
    "no playbook was in force in this partition; run `touchline playbook publish`, then redrive",
)


def enter(
    playbooks: Playbooks, state: Outside, cause: Cause, fact: LeadCreated
) -> tuple[Decision, ...] | Refused:
    """Entry at once, with the first touch planned; the refusal, for a lead to be left alone."""
    if isinstance(state, Ended) and not _is_news(state.ended_at, state.enrolment_id, cause):
        return ()
    alone = to_be_left_alone(state)
    if playbooks.current is None:
        return NO_PLAYBOOK if alone is None else ()
    if alone is not None:
        return refusal(playbooks.current, state, fact, alone)
    fact = _completed(state, fact)
    choice = choose(playbooks.current, state, fact)
    if choice.cadence is None:
        return *choice.told, *_held_out(playbooks, choice, state, cause, fact)
    started = _start(playbooks, choice, state, cause, fact)
    if started:
        return *choice.told, *started
    rule = kept_out(state, choice.playbook.ruleset[choice.cadence.name]) or CHANNELS_CLOSED
    return *choice.told, *refusal(choice.playbook, state, fact, rule, choice.cadence)


def enter_anew(
    playbooks: Playbooks, state: Active, cause: Cause, fact: LeadCreated
) -> tuple[Decision, ...]:
    """Entry of a lead whose enrolment still runs, where the rules of the cadence that it would
    enter allow it."""
    current = playbooks.current
    if current is None or state.entered_at is None:
        return ()
    if not _is_news(state.entered_at, state.enrolment.id, cause):
        return ()
    fact = _completed(state, fact)
    choice = choose(current, state, fact)
    if choice.cadence is None:
        return ()  # touched already, it would prove nothing beside leads that were held out
    if choice.playbook.ruleset[choice.cadence.name].re_entry != "allow":
        return choice.told
    outside = finish(playbooks, state, ended(state, fact, "closed", "re-entered"))
    started = _start(playbooks, choice, outside, cause, fact)
    if not started:
        return choice.told
    return (*choice.told, *break_off(state, fact, "closed", "re-entered"), *started)


def _is_news(since: datetime, enrolment: UUID, cause: Cause) -> bool:
    """Whether the lead came in once more. A database that was restored to an earlier moment takes
    what it forgot a second time: later, and under the id that it had."""
    return cause.data.recorded_at > since and enrolment_of(cause) != enrolment


def _start(
    playbooks: Playbooks, choice: Choice, state: Outside, cause: Cause, fact: LeadCreated
) -> tuple[Decision, ...]:
    playbook, cadence = choice.playbook, choice.cadence
    if cadence is None or kept_out(state, playbook.ruleset[cadence.name]) is not None:
        return ()
    entered = _entered(choice, cadence, cause, fact)
    active = enrol(playbooks, heard(state, choice), entered)
    before, plan = onwards(playbook, active, 0, fact)
    if plan is None:
        return ()  # every step is on a channel closed to the lead, or for other leads
    return entered, *within(playbook, active, fact, (*before, plan))


def _completed(state: State, fact: LeadCreated) -> LeadCreated:
    """With what was told of the lead before, where it says nothing itself."""
    features = completed(fact.features, state)
    return fact if features is fact.features else fact.model_copy(update={"features": features})


def _held_out(
    playbooks: Playbooks, choice: Choice, state: Outside, cause: Cause, fact: LeadCreated
) -> tuple[Decision, ...]:
    """Exposure where the lead would have entered the control: to be compared with who did."""
    known = heard(state, choice).assigned
    experiment = choice.playbook.experiment[choice.experiment or ""]
    control = choice._replace(cadence=choice.playbook.cadence[experiment.control])
    if known is None or not _start(playbooks, control, state, cause, fact):
        return ()
    return held_out(known, enrolment_of(cause), fact)


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
        queue=choice.playbook.queue and choice.playbook.queue.content,
    )
