"""Senders who try again, and counts that leave out what earlier runs left."""

from datetime import UTC, datetime
from uuid import UUID, uuid5

import httpx
import pytest
from kafka.errors import KafkaConnectionError

from schemas.envelope import Envelope, Event
from schemas.events.decision import CadenceEnded, LeadQualified
from schemas.events.touch import TouchLogged
from simulator import connect
from simulator.people import Person, person
from simulator.senders import NotTaken, until_taken
from simulator.tally import Tally, reconcile

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
OURS, EARLIER = (uuid5(UUID(int=0), name) for name in ("ours", "earlier"))
LEAD = person(seed=1, number=1)


class Door:
    """Refuses so often, and then takes what comes."""

    def __init__(self, refusals: int) -> None:
        self.refusals = refusals

    async def take(self, _: Person) -> None:
        self.refusals -= 1
        if self.refusals >= 0:
            raise httpx.ConnectError("nobody listens")


async def test_a_sender_tries_again_until_it_is_taken() -> None:
    assert await until_taken(Door(refusals=1).take, LEAD) == 1


async def test_a_sender_gives_up_and_says_what_refused_it() -> None:
    with pytest.raises(NotTaken, match="ConnectError: nobody listens"):
        await until_taken(Door(refusals=9).take, LEAD, patience_s=-1)


def test_another_salt_gives_somebody_else_of_the_same_name() -> None:
    one, other = person(7, 3), person(7, 3, salt="x")

    assert one.email != other.email
    assert (one.first_name, one.company) == (other.first_name, other.company)


def test_leads_of_an_earlier_run_are_in_no_count() -> None:
    tally = Tally(
        created={OURS: AT},
        entered={OURS, EARLIER},
        ended={EARLIER: "replied"},
        first_touch={OURS: AT, EARLIER: AT},
        qualified={EARLIER},
        handoffs={UUID(int=9): EARLIER},
        answered={UUID(int=9): "accepted"},
    )

    own = tally.own()

    assert (own.entered, own.qualified, own.handoffs, own.answered) == ({OURS}, set(), {}, {})
    assert own.speed_to_lead() == [0.0]
    assert reconcile(1, own).holds
    assert not reconcile(1, tally).holds


def test_a_touch_is_under_way_until_something_is_decided_upon_it_or_its_lead_has_ended() -> None:
    told = {"lead_id": OURS, "occurred_at": AT, "recorded_at": AT}
    logged = Envelope(UUID(int=1), "prioritizer")
    touch = TouchLogged(**told, channel="call", result_code="QUALIFIED", rep_id="ana")
    of = {**told, "enrolment_id": UUID(int=2), "attempts": 1}
    qualified = LeadQualified(**of, handoff_id=UUID(int=3), result_code="QUALIFIED")
    ended = CadenceEnded(**of, reason="replied")

    decided = Tally()
    decided.add(Event(logged, touch))
    assert decided.undecided() == [touch]
    decided.add(Event(Envelope(UUID(int=4), "cadence", cause=logged.id), qualified))
    assert decided.undecided() == []

    over = Tally()
    over.add(Event(logged, touch))
    over.add(Event(Envelope(UUID(int=4), "cadence", cause=UUID(int=5)), ended))
    assert over.undecided() == []


def test_a_reader_goes_on_while_the_broker_is_away() -> None:
    """As kafka-python raises from poll what its search for a group's coordinator met."""

    class Away:
        """A consumer whose broker is gone."""

        def poll(self, timeout_ms: int) -> None:
            raise KafkaConnectionError(f"111 ECONNREFUSED within {timeout_ms} ms")

    assert connect.polled(Away()) == {}
