"""Where an enrolment stood before people moved it: what a move back leads to.

It is remembered until a touch is made or passed over. From it the touch is found at which the lead
goes on, so that a way over several versions leads where the direct one does. The plan that was
open there is remembered until something other than a move changes it: until then a move back takes
up that plan, with the days as they were.
"""

from datetime import date, datetime, timedelta
from uuid import UUID

from msgspec.structs import replace

from engagement.cadence.late import interrupted
from engagement.cadence.remembered import Home
from engagement.cadence.state import Active
from schemas.events.decision import CadenceMoved
from schemas.events.lead import EnrolmentMoved
from schemas.events.plan import TouchPlanned

_NO_DAYS = timedelta(0)
_REPLACED = 4
"""So many moves may come while somebody makes a touch."""


def home_of(state: Active, fact: EnrolmentMoved | CadenceMoved) -> Home | None:
    """Where its plan was in the version to which it goes; nothing where it is not to have that."""
    there, home = (fact.playbook_digest, fact.cadence), state.home
    known = home is not None and home.plan_id is not None and home[:2] == there
    return home if known else None


def opened_at(state: Active, plan: TouchPlanned) -> datetime:
    """When the touch opens: as it did before people moved it, if they moved it back to its plan.

    For what happens then, it is a touch that could be made since, and not one of a later moment.
    """
    home, place = state.home, (state.enrolment.playbook_digest, state.enrolment.cadence)
    if state.plan_id is not None or home is None or home.plan_id is None or home[:2] != place:
        return plan.not_before
    return home.not_before or plan.not_before


def disturbed(home: Home | None) -> Home | None:
    """The same place, without its plan: that is not what would be planned there by now."""
    return home and home._replace(plan_id=None)


def stood(state: Active, fact: CadenceMoved, today: date) -> Active:
    """The state with the days that hold from the move on: those from before it, if it leads back.

    Otherwise the days lost until now move the rest, where the touch is planned anew.
    """
    home = home_of(state, fact)
    if home is not None:
        taken_up = fact.step == home.step
        return replace(_back(state, home), home=home if taken_up else None)
    away = replace(state, home=state.home or here(state))
    if state.plan_id is None or fact.plan_id is not None:
        return away
    lost = max(today - state.opens_on, _NO_DAYS)
    first = state.first_day or (state.day_one if lost else None)
    return replace(
        away, first_day=first, day_one=state.day_one + lost, opens_on=max(state.opens_on, today)
    )


def replaced(state: Active) -> tuple[UUID, ...] | None:
    """The plans whose touches a move lets count as the one that is open after it."""
    last = state.plan_id or interrupted(state)
    if last is None:
        return state.replaced
    others = (one for one in state.replaced or () if one != last)
    return (*others, last)[-_REPLACED:]


def here(state: Active) -> Home:
    """Where the enrolment stands: at the next touch, if the one at which it is paused was made."""
    stands = standing(state)
    return stands._replace(step=state.step + 1) if state.meanwhile == "made" else stands


def standing(state: Active) -> Home:
    """What the state itself says of where the enrolment is."""
    return Home(
        state.enrolment.playbook_digest,
        state.enrolment.cadence,
        state.step,
        state.attempt,
        state.plan_id,
        state.lapses,
        state.day_one,
        state.opens_on,
        state.not_before,
        state.moved_from,
        state.again,
        state.for_rep,
        state.unpromised,
    )


def _back(state: Active, home: Home) -> Active:
    return replace(
        state,
        lapses=home.lapses,
        day_one=home.day_one,
        opens_on=home.opens_on,
        not_before=home.not_before,
        moved_from=home.moved_from,
        again=home.again,
        for_rep=home.for_rep,
        unpromised=home.unpromised,
    )
