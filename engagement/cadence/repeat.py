"""The plans of a cadence under its rules: the next step, or the same one once more."""

from datetime import datetime
from typing import Any, NamedTuple

from engagement.cadence.calling_back import CALL_BACK, called, missed
from engagement.cadence.conditions import withheld
from engagement.cadence.exact import due_in, window_again
from engagement.cadence.facts import plan_of, touch_planned
from engagement.cadence.late import corrected
from engagement.cadence.open_hours import cut, several
from engagement.cadence.outcome import delayed_by
from engagement.cadence.plan import plan as natural_plan
from engagement.cadence.proof import PAUSE, held_by, told
from engagement.cadence.reacting import rules_of
from engagement.cadence.remembered import Home
from engagement.cadence.state import Active
from engagement.cadence.timing import as_planned, once_more_planned
from engagement.cadence.touches import allowed_from
from engagement.cadence.turn import Times, Turn
from engagement.playbook import Playbook
from schemas.events.fact import Channel, LeadFact
from schemas.events.plan import Again, TouchPlanned


class Repeat(NamedTuple):
    """The open step once more: from which moment on, why, and by whom."""

    moment: datetime
    again: Again | None = None
    rep: str | None = None
    promised: bool = False
    """At this very moment, as the lead was told: past pause, caps and hours."""


def planned(playbook: Playbook, state: Active, number: int, cause: LeadFact) -> TouchPlanned:
    """The plan for step `number`, moved on where a pause or a cap forbids its moment."""
    if number == state.step:
        return once_more(playbook, state, cause, Repeat(cause.recorded_at, rep=state.rep))
    natural = natural_plan(playbook, state, number, cause)
    outcome = playbook.delaying and delayed_by(playbook, state, cause)
    if outcome and outcome.moment > natural.not_before:
        turn = Turn(playbook, state, cause, natural.channel)
        denied = (*(natural.denied_by or ()), outcome.rule)
        delayed = told(turn, _times(turn, number, outcome.moment), denied)
        natural = natural.model_copy(update=delayed)
    opens_at = earliest(playbook, state, natural.channel, natural.not_before)
    changes: dict[str, Any] = {"for_rep": state.rep} if state.rep else {}
    if opens_at > natural.not_before:
        turn = Turn(playbook, state, cause, natural.channel)
        held = held_by(playbook, state, natural.channel, natural.not_before)
        denied = (*(natural.denied_by or ()), *held)
        changes |= told(turn, _times(turn, number, opens_at), denied)
        changes["moved_from"] = natural.not_before
    whole = natural.model_copy(update=changes) if changes else natural
    return corrected(state, withheld(playbook, state, whole))


def once_more(playbook: Playbook, state: Active, cause: LeadFact, repeat: Repeat) -> TouchPlanned:
    """Another plan for the open step."""
    moment, again, rep, promised = repeat
    steps, attempt = playbook.cadence[state.enrolment.cadence].steps, state.attempt + 1
    step = steps[state.step - 1]
    channel: Channel = "call" if again == "callback" else step.channel
    turn = Turn(playbook, state, cause, channel)
    opens_at = moment if promised else earliest(playbook, state, channel, moment)
    moved = opens_at > moment
    held = tuple(held_by(playbook, state, channel, moment)) if moved else ()
    by_a_rep = again == "callback"  # who promised it calls, however the step's touch is made
    call = _called(turn, opens_at, promised=promised) if by_a_rep else None
    times = call or _times(turn, state.step, opens_at, again)
    plan = touch_planned(
        lead_id=cause.lead_id,
        occurred_at=cause.recorded_at,
        recorded_at=cause.recorded_at,
        enrolment_id=state.enrolment.id,
        plan_id=plan_of(state.plan_root, state.step, attempt),
        step=state.step,
        steps=len(steps),
        attempts=state.attempts,
        channel=channel,
        activity=step.activity if step.channel == channel else CALL_BACK,
        **told(turn, times, held),
        result_codes=playbook.codes,
        kind=None if by_a_rep else step.kind,
        template=None if by_a_rep else step.template,
        attempt=attempt,
        again=again,
        moved_from=(state.moved_from or moment) if moved else None,
        for_rep=rep,
    )
    return corrected(state, withheld(playbook, state, plan))


def as_it_was(
    playbook: Playbook, state: Active, home: Home, cause: LeadFact
) -> TouchPlanned | None:
    """The plan that was open before people moved the lead, for what is left of its time.

    Nothing where it would have lapsed by now.
    """
    now, opened_at = cause.recorded_at, home.not_before or cause.recorded_at
    repeat = Repeat(max(opened_at, now), home.again, home.for_rep, promised=True)
    plan = once_more(playbook, state, cause, repeat)
    turn = Turn(playbook, state, cause, plan.channel)
    times = _as_it_was(turn, home, opened_at)
    if times.lapses_at <= now:
        return None
    left = _left(times, max(opened_at, now))
    held = _held_home(playbook, state, home, plan.channel)
    changes = told(turn, left, held) | {"moved_from": home.moved_from}
    whole = withheld(playbook, state, plan.model_copy(update=changes))
    return whole if now < whole.lapses_at else None


def _left(times: Times, now: datetime) -> Times:
    """What is left of a touch's time: in lunch it opens again after it."""
    spans = cut(times.open_hours, now, times.lapses_at)
    opens_at = spans[0].opens_at if spans else max(now, times.not_before)
    due_at = max(times.due_at, opens_at)
    return times._replace(not_before=opens_at, due_at=due_at, open_hours=several(spans))


def _held_home(playbook: Playbook, state: Active, home: Home, channel: Channel) -> tuple[str, ...]:
    """What had moved the plan: the caps that are remembered, or else a pause that may be over."""
    if home.moved_from is None:
        return ()
    return tuple(held_by(playbook, state, channel, home.moved_from)) or (PAUSE,)


def _as_it_was(turn: Turn, home: Home, opened_at: datetime) -> Times:
    if home.again == "callback":
        return _called(turn, opened_at, promised=turn.state.promised)
    if home.attempt > 1 or home.moved_from is not None:
        return once_more_planned(turn, home.step, opened_at, home.again)
    return as_planned(turn, home.step, opened_at)


def earliest(playbook: Playbook, state: Active, channel: Channel, moment: datetime) -> datetime:
    """The first moment from `moment` on that pause and caps allow."""
    held_until = state.held_until
    if held_until is not None:
        moment = max(moment, held_until)
    caps = rules_of(playbook, state).caps
    if caps is None or state.touches is None:
        return moment
    return allowed_from(caps, state.touches, channel, moment, state.enrolment.time_zone)


def _called(turn: Turn, opens_at: datetime, *, promised: bool) -> Times:
    state = turn.state
    if promised or not state.missed or state.not_before is None:
        return called(turn, opens_at, promised=promised)
    return missed(turn, opens_at, state.not_before, owed=state.owed)


def _times(turn: Turn, number: int, moment: datetime, again: Again | None = None) -> Times:
    """In the first window of the step from the moment on."""
    window = window_again(turn, number, moment, again)
    return due_in(window, turn.cadence.steps[number - 1], again)
