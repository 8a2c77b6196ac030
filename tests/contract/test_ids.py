"""Ids are derived: the same cause gives the same ids, today and in ten years."""

from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.codec import decode
from schemas.envelope import Envelope, child, derived_id, follow_up, trace_id
from schemas.events.fact import Fact
from schemas.text import uuid_of
from schemas.topics import LEAD_EVENTS
from tests.contract.examples import example
from tests.contract.instances import GENEROUS

CAUSE = UUID("6f1c2f0e-8f0a-5c39-9a53-1d6b6b0c7c11")
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
TRACEPARENT = f"00-{TRACE}-00f067aa0ba902b7-01"
FACT: Fact = decode(example("touch-lapsed-full").structured, LEAD_EVENTS.messages).data


def test_derived_ids_are_pinned() -> None:
    assert derived_id("a", "b") == UUID("e8b21dda-1c8a-5651-9daf-769d2b681648")
    assert derived_id() == UUID("259397af-e8bf-5880-8aa9-1981bb6cb8e3")


def test_the_ids_of_follow_ups_are_pinned() -> None:
    first = follow_up(Envelope(CAUSE, "/anyone"), "/touchline/cadence", FACT, 0).envelope
    assert first.id == UUID("50f5bf2e-d9a3-5d39-b7b9-067ffd5ba292")
    assert first.traceparent == "00-50f5bf2ed9a35d39b7b9067ffd5ba292-50f5bf2ed9a35d39-01"


@given(st.uuids(), st.text())
def test_an_id_of_a_name_is_that_of_the_standard_library(namespace: UUID, name: str) -> None:
    made = uuid_of(namespace, name)
    assert made == uuid5(namespace, name)
    assert (made.version, made.variant) == (5, uuid5(namespace, name).variant)


@GENEROUS
@given(st.lists(st.text()), st.lists(st.text()))
def test_parts_are_told_apart_whatever_they_contain(one: list[str], other: list[str]) -> None:
    assert (derived_id(*one) == derived_id(*other)) == (one == other)


@GENEROUS
@given(st.text(min_size=1), st.integers(0, 9), st.none() | st.just(TRACEPARENT))
def test_a_follow_up_is_the_same_whenever_it_is_asked(
    source: str, n: int, traceparent: str | None
) -> None:
    cause = Envelope(CAUSE, "/ingest", 7, None, traceparent)
    assert follow_up(cause, source, FACT, n) == follow_up(cause, source, FACT, n)


def test_a_follow_up_depends_on_cause_writer_type_and_number_alone() -> None:
    cause = Envelope(CAUSE, "/ingest", 7)
    moved = FACT.model_copy(update={"recorded_at": FACT.occurred_at})
    ids = [
        follow_up(cause, "/touchline/cadence", FACT, 0).envelope.id,
        follow_up(cause, "/touchline/handoff", FACT, 0).envelope.id,
        follow_up(cause, "/touchline/cadence", FACT, 1).envelope.id,
        follow_up(Envelope(derived_id("x"), "/ingest"), "/touchline/cadence", FACT, 0).envelope.id,
    ]
    assert len(set(ids)) == 4
    assert follow_up(cause, "/touchline/cadence", moved, 0).envelope.id == ids[0]


def test_a_follow_up_names_its_cause_and_stays_in_its_trace() -> None:
    made = follow_up(Envelope(CAUSE, "/a", traceparent=TRACEPARENT), "/b", FACT, 0).envelope
    assert (made.cause, made.source, made.sequence) == (CAUSE, "/b", None)
    assert trace_id(made.traceparent) == TRACE


@pytest.mark.parametrize(
    "malformed",
    [
        "",
        "x",
        "00-0000-none",
        TRACEPARENT.upper(),
        TRACEPARENT + "-",
        TRACEPARENT + "\n",
        f"ff-{TRACE}-00f067aa0ba902b7-01",
        f"00-{'0' * 32}-00f067aa0ba902b7-01",
        f"00-{TRACE}-{'0' * 16}-01",
    ],
)
def test_a_malformed_trace_starts_a_new_one(malformed: str) -> None:
    assert trace_id(malformed) is None
    assert child(malformed, CAUSE) == child(None, CAUSE)


@GENEROUS
@given(st.none() | st.text() | st.just(TRACEPARENT), st.uuids(version=5))
def test_a_child_is_always_well_formed(traceparent: str | None, id_: UUID) -> None:
    assert trace_id(child(traceparent, id_)) is not None
