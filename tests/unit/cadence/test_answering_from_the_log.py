"""Why did you call me at 19:55 on Tuesday? The two topics answer, and nothing else is asked."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from engagement.cadence.decider import replay
from schemas.codec import decode, encode
from schemas.envelope import Event
from schemas.events.decision import CadenceEntered
from schemas.events.fact import Fact
from schemas.events.plan import TouchPlanned
from schemas.events.playbook import PlaybookPublished
from schemas.events.touch import TouchLogged
from schemas.topics import CADENCE_DECISIONS, LEAD_EVENTS, Topic
from tests.unit.cadence.facts import PLAYBOOK, created, plan, published, touched

Kind = TypeVar("Kind", bound=Fact)


def test_the_log_tells_why_a_call_was_made_and_not_before() -> None:
    entry = created("03-04 21:00", "America/New_York")  # Tuesday, 16:00 in New York
    call = touched("03-05 14:05", plan(entry, 2))
    log = [published(PLAYBOOK), entry, touched("03-04 21:03", plan(entry, 1)), call]
    facts, decisions = _read(log, LEAD_EVENTS), _read(list(replay(log)), CADENCE_DECISIONS)
    touch = _one(facts, TouchLogged, lambda one: one.occurred_at == call.data.occurred_at)
    planned = _one(decisions, TouchPlanned, lambda one: one.plan_id == touch.plan_id)
    entered = _one(decisions, CadenceEntered, lambda one: one.enrolment_id == planned.enrolment_id)
    version = _one(facts, PlaybookPublished, lambda one: one.digest == entered.playbook_digest)
    assert version.content == PLAYBOOK.content
    assert planned.step == 2
    assert planned.local_time == "2025-03-05T09:00-05:00"
    assert (planned.time_zone, planned.zone_source) == ("America/New_York", "given")
    assert planned.allowed_by == "hours: 09:00-17:00"
    assert planned.denied_by == ("hours: 09:00-17:00",)


def _read(events: Sequence[Event[Fact]], topic: Topic) -> list[Fact]:
    """What a reader of the topic sees of them."""
    return [decode(encode(event), topic.messages).data for event in events]


def _one(facts: list[Fact], kind: type[Kind], wanted: Callable[[Kind], bool]) -> Kind:
    (found,) = [fact for fact in facts if isinstance(fact, kind) and wanted(fact)]
    return found
