"""How an enrolment goes over to another version of its playbook, or to another cadence."""

from typing import NamedTuple

from msgspec.structs import replace

from engagement.cadence.advance import Decisions, onwards, open_channel
from engagement.cadence.conditions import possible
from engagement.cadence.ending import break_off
from engagement.cadence.enrolling import go_over
from engagement.cadence.home import here, home_of
from engagement.cadence.plan import next_step
from engagement.cadence.playbooks import Playbooks
from engagement.cadence.reacting import rules_of
from engagement.cadence.remembered import Home
from engagement.cadence.repeat import Repeat, as_it_was, once_more
from engagement.cadence.state import Active
from engagement.cadence.timing import shares_its_day
from engagement.cadence.turn import DAY
from engagement.cadence.until import within
from engagement.cadence.updated import corrected
from engagement.calendar.window import local_date
from engagement.decider import Refused
from engagement.playbook import Cadence, Playbook, Step
from engagement.playbook.alignment import goes_on_at, made_of, stays
from schemas.events.decision import CadenceMoved
from schemas.events.lead import EnrolmentMoved
from schemas.events.plan import TouchPlanned


class _Way(NamedTuple):
    """From which version to which, and how many steps of the new one count as passed."""

    old: Playbook
    new: Playbook
    passed: int
    home: Home | None
    was: Cadence
    """Where it stood before people moved it, and at which of the steps."""
    stood: int


def move(playbooks: Playbooks, state: Active, fact: EnrolmentMoved) -> Decisions | Refused:
    """The enrolment in the other version, with its touch planned anew where that changes."""
    if not _is_news(state, fact):
        return ()
    fact = _corrected(state, fact)
    old = playbooks.by_digest[state.enrolment.playbook_digest]
    new = playbooks.by_digest.get(fact.playbook_digest)
    if new is None:
        fix = "publish that playbook, then redrive"
        return Refused("unknown-playbook", f"playbook_digest: never published here; {fix}")
    if fact.cadence not in new.cadence:
        return Refused("unknown-cadence", f"cadence: not one of {', '.join(new.cadence)}")
    origin = state.home or here(state)
    was = playbooks.by_digest[origin.playbook_digest].cadence[origin.cadence]
    passed = goes_on_at(was.steps, new.cadence[fact.cadence].steps, origin.step - 1)
    way = _Way(old, new, passed, home_of(state, fact), was, origin.step - 1)
    return _go_on(playbooks, way, state, fact)


def _corrected(state: Active, fact: EnrolmentMoved) -> EnrolmentMoved:
    """With what was told of the lead since it entered."""
    features = corrected(fact.features, state)
    return fact if features is fact.features else fact.model_copy(update={"features": features})


def _is_news(state: Active, fact: EnrolmentMoved) -> bool:
    """A move that came before the last one is not; nor one to where the enrolment is."""
    here = state.enrolment.playbook_digest, state.enrolment.cadence
    later = state.moved_at is None or fact.recorded_at > state.moved_at
    there = fact.playbook_digest, fact.cadence
    return fact.enrolment_id == state.enrolment.id and later and there != here


def _go_on(playbooks: Playbooks, way: _Way, state: Active, fact: EnrolmentMoved) -> Decisions:
    there = _moved(way, state, fact, way.passed + 1, keep=True)
    standing = go_over(playbooks, state, there)
    if state.plan_id is None and _waits_still(way, standing):
        return (there,)
    if state.plan_id is not None and _may_stand(way.new, standing):
        if _is_kept(way, state, standing, fact):
            return (there,)
        moved = _moved(way, state, fact, way.passed + 1)
        plan = _at_its_moment(way, state, go_over(playbooks, state, moved), fact)
        if plan is not None:
            return moved, *_within(way.new, state, standing, fact, (plan,))
    moved = _moved(way, state, fact, way.passed)
    since = _since_touched(way, state, go_over(playbooks, state, moved), fact)
    before, next_plan = onwards(way.new, since, way.passed, fact)
    if next_plan is None or state.plan_id is None:
        return moved, *before, *break_off(state, fact, "exhausted")
    return moved, *_within(way.new, state, standing, fact, (*before, next_plan))


def _within(
    new: Playbook, state: Active, standing: Active, fact: EnrolmentMoved, decided: Decisions
) -> Decisions:
    """What was decided, or the end by a threshold, which withdraws the plan that was open."""
    return within(new, replace(standing, plan_id=state.plan_id), fact, decided)


def _waits_still(way: _Way, standing: Active) -> bool:
    """Whether any touch is left for a lead that waits until people resume it."""
    cadence = way.new.cadence[standing.enrolment.cadence]
    number = next_step(cadence, way.passed, standing.closed)
    while number is not None and not possible(cadence, standing, number):
        number = next_step(cadence, number, standing.closed)
    return number is not None


def _may_stand(new: Playbook, standing: Active) -> bool:
    """Whether the touch at which the lead stands may be made in the new version."""
    cadence = new.cadence[standing.enrolment.cadence]
    if standing.step > len(cadence.steps) or open_channel(new, standing) in standing.closed:
        return False
    return standing.again == "callback" or possible(cadence, standing, standing.step)


def _is_kept(way: _Way, state: Active, standing: Active, fact: EnrolmentMoved) -> bool:
    """Whether the open plan is what the other version would plan, made when it was made.

    On a move back only the plan that was open is such a one: one made since was made later.
    """
    if way.home is not None:
        return state.plan_id == way.home.plan_id
    (was, led), (is_, leads) = _step(way.old, state), _step(way.new, standing)
    here, there = _rules(way.old, state, fact), _rules(way.new, standing, fact)
    return (state.step, was, led, here) == (standing.step, is_, leads, there)


def _rules(playbook: Playbook, state: Active, fact: EnrolmentMoved) -> tuple[object, ...]:
    """All that a plan follows from besides its step, and whose it is."""
    caps, team = rules_of(playbook, state).caps, playbook.team_for(fact.features)
    said = playbook.codes, playbook.calendar, playbook.parts, playbook.speed_to_lead
    cadence = playbook.cadence[state.enrolment.cadence]
    loop = cadence.loops[state.step - 1]
    return *said, caps, team, cadence.until, loop and loop.until


def _at_its_moment(
    way: _Way, before: Active, standing: Active, fact: EnrolmentMoved
) -> TouchPlanned | None:
    """The plan where its moment is not to change; nothing where it is to be found anew.

    A move back leads to the plan that was open. A promise is kept, a retry comes when it was to
    come, where there still is that touch, and no interval begins anew.
    """
    if way.home is not None:
        return as_it_was(way.new, standing, way.home, fact)
    retried = before.again in {"retry", "end-of-queue"}
    if retried and not stays(way.was.steps, _there(way.new, standing).steps, way.stood):
        return None
    (_, led), (_, leads) = _step(way.old, before), _step(way.new, standing)
    if before.again is None and (led.after is None or led.after != leads.after):
        return None
    moment = before.moved_from or before.not_before or fact.recorded_at
    moment = max(moment, fact.recorded_at)
    repeat = Repeat(moment, before.again, before.for_rep, before.promised)
    return once_more(way.new, standing, fact, repeat)


def _since_touched(way: _Way, before: Active, standing: Active, fact: EnrolmentMoved) -> Active:
    """The lead as its next touch is planned: at the last step that was made, as none that the
    version added before it was; and not on a day on which it may have been touched.
    """
    made = made_of(way.was.steps, _there(way.new, standing).steps, way.stood)
    if 0 < made < way.passed:
        standing = replace(standing, step=made)
    today = local_date(fact.recorded_at, standing.enrolment.time_zone)
    first = before.opens_on == today and shares_its_day(way.was, way.stood)
    return replace(standing, opens_on=today + DAY) if before.tries or first else standing


def _there(playbook: Playbook, state: Active) -> Cadence:
    return playbook.cadence[state.enrolment.cadence]


def _step(playbook: Playbook, state: Active) -> tuple[Step, Step]:
    """The step at which the lead stands, and the one that says its moment."""
    cadence: Cadence = playbook.cadence[state.enrolment.cadence]
    index = state.step - 1
    return cadence.steps[index], cadence.steps[cadence.leaders[index]]


def _moved(
    way: _Way, state: Active, fact: EnrolmentMoved, step: int, *, keep: bool = False
) -> CadenceMoved:
    return CadenceMoved(
        lead_id=fact.lead_id,
        occurred_at=fact.recorded_at,
        recorded_at=fact.recorded_at,
        enrolment_id=fact.enrolment_id,
        cadence=fact.cadence,
        playbook_digest=fact.playbook_digest,
        team=way.new.team_for(fact.features),
        features=fact.features,
        step=step,
        plan_id=state.plan_id if keep else None,
        queue=way.new.queue and way.new.queue.content,
    )
