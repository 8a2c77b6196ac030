"""Playbooks with experiments, made from the shipped one, and leads for their arms."""

from itertools import count
from typing import Any

from engagement.cadence.facts import Cause
from engagement.experiment.assignment import dealt
from engagement.playbook import Playbook
from schemas.envelope import Event, derived_id
from schemas.events.lead import LeadCreated
from tests.unit.cadence.facts import PLAYBOOK, cause, created

CONTROL = [
    {"day": 1, "channel": "call", "activity": "Call"},
    {"day": 2, "channel": "email", "activity": "E-mail"},
    {"day": 4, "channel": "call", "activity": "Call"},
]
LATER = [*CONTROL[:2], {"day": 6, "channel": "call", "activity": "Call"}]
LONGER = [*CONTROL, {"day": 8, "channel": "email", "activity": "E-mail"}]
HALVES = [{"cadence": "standard", "weight": 50}, {"cadence": "later", "weight": 50}]


def book(arms: list[dict[str, Any]] | None = None, rulesets: Any = None, **keys: Any) -> Playbook:
    """Every lead is dealt to an arm of the experiment `tempo`, in equal halves if not told."""
    known: dict[str, Any] = PLAYBOOK.model_dump(mode="json", exclude_none=True)
    known["cadences"] = [
        {"name": "standard", "steps": CONTROL},
        {"name": "later", "steps": LATER},
        {"name": "longer", "steps": LONGER},
        {"name": "same", "steps": CONTROL},
    ]
    known["entry"] = [{"experiment": "tempo"}]
    known["experiments"] = [{"name": "tempo", "arms": arms or HALVES, **keys}]
    known["rulesets"] = rulesets
    return Playbook.model_validate(known)


def lead_in(arm: str, playbook: Playbook, when: str, **features: Any) -> Cause:
    """The lead-created of some lead that the experiment deals to this arm."""
    entry = created(when, **features).data
    assert isinstance(entry, LeadCreated)
    (experiment,) = playbook.experiments or ()
    leads = (derived_id("lead", str(number)) for number in count())
    lead_id = next(lead for lead in leads if dealt(experiment, lead) == arm)
    return cause(entry.model_copy(update={"lead_id": lead_id}))


def of(entry: Cause, *facts: Event[Any]) -> list[Event[Any]]:
    """The facts, told of the lead of `entry`."""
    lead = entry.data.lead_id
    return [Event(fact.envelope, fact.data.model_copy(update={"lead_id": lead})) for fact in facts]
