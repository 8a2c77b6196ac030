"""A touch that is told late: its plan is open no longer, but nobody answered it.

The state is taken back to that plan, and decided on as if the touch had been told in time; what
comes instead of the plan that is open by now says so (`corrects`).
"""

from collections.abc import Iterator
from uuid import UUID

from msgspec.structs import replace

from engagement.cadence.facts import plan_of
from engagement.cadence.remembered import Overtaken, Passed
from engagement.cadence.state import Active
from schemas.events.plan import TouchPlanned


def passed(state: Active) -> Passed:
    """The open plan and its days, remembered when it lapses; of one given anew, its first days."""
    before = state.passed
    if before is not None and before.step == state.step:
        return before._replace(last=state.attempt)
    return Passed(state.step, state.asked or 1, state.attempt, state.day_one, state.opens_on)


def reopened(state: Active, plan_id: UUID | None) -> Active | None:
    """The state with this plan open again; nothing for a plan that is, or that was answered."""
    if plan_id is None or state.plan_id is None or plan_id == state.plan_id:
        return None
    overtaken = Overtaken(state.plan_id, state.step, state.attempt)
    if plan_id in (state.replaced or ()):
        return replace(state, plan_id=plan_id, overtaken=overtaken)
    back = state.passed
    if back is None or plan_id not in _plans(state, back.step, back.first, back.last):
        if plan_id not in _plans(state, state.step, state.asked or 1, state.attempt - 1):
            return None
        return replace(state, plan_id=plan_id, overtaken=overtaken)
    return replace(
        state,
        step=back.step,
        attempt=back.last,
        plan_id=plan_id,
        day_one=back.day_one,
        opens_on=back.opens_on,
        overtaken=overtaken,
    )


def belated(state: Active, plan_id: UUID) -> bool:
    """Whether this is a plan of a paused step, unanswered yet: it may have been in the making."""
    if state.plan_id is not None:
        return False
    mine = _plans(state, state.step, state.asked or 1, state.attempt)
    return plan_id in (state.replaced or ()) or plan_id in mine


def interrupted(state: Active) -> UUID | None:
    """The last plan of a paused step, where nobody has answered it yet."""
    if state.plan_id is not None or (state.asked or 1) > state.attempt:
        return None
    return plan_of(state.plan_root, state.step, state.attempt)


def lapsed_before(state: Active, plan_id: UUID) -> bool:
    """Whether this is the unanswered plan that lapsed before the step at which it is paused."""
    back = state.passed
    if state.plan_id is not None or back is None:
        return False
    return plan_id in _plans(state, back.step, back.first, back.last)


def overtaken_step(state: Active) -> Active | None:
    """The state at the step that was open when a late touch came; nothing where that is no other.

    No plan goes back to a step that lapsed.
    """
    late = state.overtaken
    if late is None or late.step == state.step:
        return None
    return replace(state, step=late.step, attempt=late.attempt)


def corrected(state: Active, plan: TouchPlanned) -> TouchPlanned:
    """The plan, as another attempt at the overtaken step, telling which plan it stands for."""
    late = state.overtaken
    if late is None:
        return plan
    changes: dict[str, object] = {"corrects": late.plan_id}
    if plan.step == late.step and (plan.attempt or 1) <= late.attempt:
        attempt = late.attempt + 1
        id_ = plan_of(state.plan_root, plan.step, attempt)
        changes |= {"attempt": attempt, "plan_id": id_}
    return plan.model_copy(update=changes)


def _plans(state: Active, step: int, first: int, last: int) -> Iterator[UUID]:
    return (plan_of(state.plan_root, step, number) for number in range(first, last + 1))
