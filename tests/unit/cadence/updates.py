"""A lead on the third day of its cadence, of whom something is told anew."""

from typing import Any

from engagement.cadence.facts import Cause
from engagement.cadence.state import Active
from engagement.cadence.stored import dump, load
from engagement.playbook import Playbook
from tests.unit.cadence.facts import LEAD, PLAYBOOK, created, plan, published, touched
from tests.unit.cadence.spec import Given, given

BERLIN, TOKYO, NEW_YORK = "Europe/Berlin", "Asia/Tokyo", "America/New_York"
ENTRY = created("03-03 10:00", BERLIN)  # a Monday


def book(steps: dict[int, dict[str, Any]] | None = None, **keys: Any) -> Playbook:
    """The seed's playbook, with these keys in its steps and its calendar."""
    known: dict[str, Any] = PLAYBOOK.model_dump(mode="json", exclude_none=True)
    known["calendar"] |= keys.pop("calendar", {})
    for number, step in (steps or {}).items():
        known["cadences"][0]["steps"][number - 1] |= step
    return Playbook.model_validate(known | keys)


def on_the_third_day(playbook: Playbook = PLAYBOOK, entry: Cause = ENTRY) -> Given:
    """Both touches of the first day were made; a call is planned for Wednesday, nine o'clock."""
    history = given(published(playbook), entry)
    history.hears(touched("03-03 10:01", plan(entry, 1)))
    history.hears(touched("03-03 10:02", plan(entry, 2), channel="email"))
    return history


def state(history: Given) -> Active:
    """The enrolment as it is kept, and as it comes back from where it is stored."""
    known = history.partition.states[LEAD]
    assert isinstance(known, Active)
    assert load(dump(known)) == known
    return known
