"""A log of one partition: many leads at once, and whatever may happen to them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from engagement.cadence.decider import Partition
from engagement.cadence.state import Active
from schemas.envelope import Envelope, Event, derived_id
from schemas.events.fact import Fact, Features
from schemas.events.lead import (
    HandoffAccepted,
    LeadCreated,
    MeetingBooked,
    OptedOut,
    ReplyReceived,
)
from schemas.events.touch import TouchLapsed, TouchLogged
from tests.unit.cadence.facts import at, published

ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", None)
WEIGHTED = (*["touch"] * 8, "lapse", "foreign", "reply", "meeting", "opt-out", "again", "accept")
CODES = (*["NOANSWER"] * 9, "QUALIFIED", "STOP", "NOTNOW", "WHAT")


def history(seed: int, leads: int, length: int) -> list[Event[Fact]]:
    """The same log for the same seed; now and then a fact comes that has to be refused."""
    return list(_facts(Random(seed), leads, length))


def _facts(chance: Random, leads: int, length: int) -> Iterator[Event[Fact]]:
    now, partition = at("03-03 08:00"), Partition()
    yield published()
    partition.apply(published())
    for number in range(length):
        now += timedelta(minutes=chance.randrange(40))
        lead = derived_id("lead", str(chance.randrange(leads)))
        fact = _fact(chance, partition, lead, now)
        cause = Event(Envelope(derived_id("fact", str(number)), "/test"), fact)
        partition.apply(cause)
        yield cause


def _fact(chance: Random, partition: Partition, lead: UUID, now: datetime) -> Fact:
    state = partition.states.get(lead)
    plan = state.plan_id if isinstance(state, Active) else lead
    touch = {"channel": "call", "result_code": chance.choice(CODES), "rep_id": "ana"}
    features = Features(source="shopify", time_zone=chance.choice(ZONES))
    kinds: dict[str, tuple[type[Fact], dict[str, object]]] = {
        "touch": (TouchLogged, touch | {"plan_id": plan}),
        "foreign": (TouchLogged, touch | {"plan_id": chance.choice((None, lead))}),
        "lapse": (TouchLapsed, {"plan_id": plan}),
        "reply": (ReplyReceived, {"channel": "email"}),
        "meeting": (MeetingBooked, {}),
        "opt-out": (OptedOut, {"channel": chance.choice(("all", "call", "email"))}),
        "accept": (HandoffAccepted, {"handoff_id": lead, "crm": "acme"}),
        "again": (LeadCreated, {"features": features, "sealed": "c2Vh"}),
    }
    class_, values = kinds[chance.choice(WEIGHTED) if state else "again"]
    times = {"lead_id": lead, "occurred_at": now, "recorded_at": now}
    return class_.model_validate(times | values)
