"""A lead in one version of its playbook, while others are known."""

from engagement.cadence.state import Active
from engagement.playbook import Playbook
from schemas.events.decision import CadenceMoved
from tests.unit.cadence.facts import LEAD, created, plan, published, touched
from tests.unit.cadence.spec import Given, Then, given
from tests.unit.cadence.versions import version

ENTRY = created("03-03 10:00")  # a Monday
ABCD = version("abcd")
BUSY = {"code": "BUSY", "label": "Busy", "action": "retry-in", "minutes": 45}


def entered(*others: Playbook, made: int = 0) -> Given:
    """A lead in ABCD who was touched so often, a day each, with other versions known."""
    history = given(*(published(one) for one in (*others, ABCD)), ENTRY)
    for number in range(made):
        history.hears(touched(f"03-0{3 + number} 10:03", plan(ENTRY, number + 1)))
    return history


def state(history: Given) -> Active:
    """The enrolment as it is kept."""
    found = history.partition.states[LEAD]
    assert isinstance(found, Active)
    return found


def told(then: Then) -> CadenceMoved:
    """The move that was told first."""
    fact = then.facts[0]
    assert isinstance(fact, CadenceMoved)
    return fact


def without(playbook: Playbook, code: str) -> Playbook:
    """The same playbook, which does not know this result code."""
    known = playbook.model_dump(mode="json", exclude_none=True)
    known["results"] = [one for one in known["results"] if one["code"] != code]
    return Playbook.model_validate(known)
