"""What follows when a source tells anew what a lead is: other steps, or another window."""

from datetime import UTC, datetime, time

from engagement.cadence.advance import Decisions
from engagement.cadence.exact import window_again
from engagement.cadence.facts import Cause
from engagement.cadence.home import here
from engagement.cadence.playbooks import Playbooks
from engagement.cadence.reconsidering import reconsider
from engagement.cadence.remembered import Home
from engagement.cadence.repeat import Repeat, as_it_was, earliest, once_more
from engagement.cadence.state import Active
from engagement.cadence.timing import begins, goes_over_touched
from engagement.cadence.turn import Turn
from engagement.cadence.until import within
from engagement.cadence.updated import is_news, update, whereabouts
from engagement.calendar import zones
from engagement.playbook import Playbook, Step
from schemas.events.decision import EnrolmentUpdated
from schemas.events.lead import LeadUpdated
from schemas.events.plan import TouchPlanned


def learn(playbooks: Playbooks, state: Active, cause: Cause, fact: LeadUpdated) -> Decisions:
    """What was told, for readers of decisions; and another plan, where the open one is not right.

    That is where its step is not for the lead any more, or its window is another one.
    """
    if not is_news(state, cause):
        return ()
    playbook = playbooks.by_digest[state.enrolment.playbook_digest]
    told = _told(state, cause, fact)
    after = update(playbook, state, told)
    decided = reconsider(playbook, after, fact) or _relocated(playbook, state, after, fact)
    return told, *within(playbook, after, fact, decided)


def _told(state: Active, cause: Cause, fact: LeadUpdated) -> EnrolmentUpdated:
    return EnrolmentUpdated(
        lead_id=fact.lead_id,
        occurred_at=fact.recorded_at,
        recorded_at=fact.recorded_at,
        enrolment_id=state.enrolment.id,
        update_id=cause.envelope.id,
        features=fact.features,
        sealed=fact.sealed,
    )


def _relocated(playbook: Playbook, before: Active, after: Active, fact: LeadUpdated) -> Decisions:
    """The open touch where the lead is now. A promised call is kept at its moment, and a tool that
    was asked for a message is not asked again."""
    if before.plan_id is None or before.promised or whereabouts(before) == whereabouts(after):
        return ()
    was = as_it_was(playbook, before, here(before), fact)
    if was is None or (was.kind == "automated" and was.not_before <= fact.recorded_at):
        return ()
    plan = _there(playbook, before, after, fact)
    if plan is None or _window(plan) == _window(was):
        return ()
    return (plan.model_copy(update={"corrects": before.plan_id}),)


def _window(plan: TouchPlanned) -> tuple[object, ...]:
    return plan.not_before, plan.due_at, plan.lapses_at, plan.open_hours


def _there(
    playbook: Playbook, before: Active, after: Active, fact: LeadUpdated
) -> TouchPlanned | None:
    """The plan as it would have been made there; from now on, where its time is over there.

    What waits for its step's condition is not asked before its turn, so it waits as it did.
    """
    plan = as_it_was(playbook, after, _home(playbook, before, after, fact), fact)
    if plan is not None or before.waiting:
        return plan
    repeat = Repeat(fact.recorded_at, after.again, after.for_rep)
    return once_more(playbook, after, fact, repeat)


def _home(playbook: Playbook, before: Active, after: Active, fact: LeadUpdated) -> Home:
    """Where it stands, with the moment at which its plan would open there."""
    home, step = here(after), playbook.cadence[after.enrolment.cadence].steps[after.step - 1]
    if after.again == "callback":
        return home
    turn = Turn(playbook, after, fact, step.channel)
    natural = _natural(turn, step, before)
    now = max(natural, fact.recorded_at)
    allowed = earliest(playbook, after, step.channel, now)
    if allowed == now:
        return home._replace(not_before=natural)
    opens_at = window_again(turn, after.step, allowed, after.again).opens_at
    return home._replace(not_before=opens_at, moved_from=home.moved_from or natural)


def _natural(turn: Turn, step: Step, before: Active) -> datetime:
    """When it would open there but for pauses and caps: on its day, or after its wait."""
    after, now = turn.state, turn.now
    opened_at = before.not_before or now
    first = begins(turn, 1) and not goes_over_touched(after)
    if first and (after.step, after.attempt, after.moved_from) == (1, 1, None):
        return min(opened_at, now)
    leads = turn.cadence.steps[turn.cadence.leaders[after.step - 1]].after
    waited = after.again is not None or (leads is not None and leads.days is None)
    moment = opened_at if waited else _morning(before, after, opened_at)
    return turn.window(turn.playbook.hours_of(step), turn.local(moment), moment).opens_at


def _morning(before: Active, after: Active, opened_at: datetime) -> datetime:
    """When the day begins there on which it was to be made."""
    day = opened_at.astimezone(zones.zone(before.enrolment.time_zone)).date()
    zone = zones.zone(after.enrolment.time_zone)
    return datetime.combine(day, time.min, zone).astimezone(UTC)
