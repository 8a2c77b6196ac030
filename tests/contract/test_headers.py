"""Odd but legal headers are read; what they cannot mean is refused or passed over."""

from typing import Any
from uuid import UUID

import pytest

from schemas.codec import Message, Undecodable, decode, encode, origin
from schemas.envelope import Envelope, Event, derived_id
from schemas.events.fact import Fact
from schemas.topics import LEAD_EVENTS, MQL_RECEIVED, Topic
from tests.contract.examples import example

CREATED = encode(decode(example("lead-created-full").structured, LEAD_EVENTS.messages))
MQL = Message(
    None,
    b'{"external_id": "customer-4711"}',
    (
        ("ce_specversion", b"1.0"),
        ("ce_type", b"mql-received"),
        ("ce_source", b"/marketing"),
        ("ce_id", b"evt_4711"),
        ("content-type", b"application/json"),
    ),
)


def with_headers(message: Message, **changed: bytes | None) -> Message:
    """The message with headers set, or taken out where None; "_" stands for "-"."""
    headers = dict(message.headers) | {
        name if name.startswith("ce_") else name.replace("_", "-"): value
        for name, value in changed.items()
    }
    left = tuple((name, value) for name, value in headers.items() if value is not None)
    return Message(message.key, message.value, left)


def envelope(message: Message, topic: Topic = MQL_RECEIVED) -> Envelope:
    return decode(message, topic.messages).envelope


def test_header_names_in_another_case_are_the_same_names() -> None:
    shouted = tuple((name.upper(), value) for name, value in CREATED.headers)
    message = Message(CREATED.key, CREATED.value, shouted)
    assert decode(message, LEAD_EVENTS.messages) == decode(CREATED, LEAD_EVENTS.messages)


@pytest.mark.parametrize(
    "content_type", [None, b"", b"application/json; charset=utf-8", b"text/json", b"\xff"]
)
def test_binary_mode_is_read_whatever_the_content_type_says(content_type: bytes | None) -> None:
    message = with_headers(CREATED, content_type=content_type)
    assert decode(message, LEAD_EVENTS.messages) == decode(CREATED, LEAD_EVENTS.messages)


def test_a_media_type_in_another_case_is_still_structured_mode() -> None:
    one = example("lead-created-full").structured
    shouted = Message(None, one.value, (("Content-Type", b"Application/CloudEvents+JSON"),))
    assert decode(shouted, LEAD_EVENTS.messages) == decode(one, LEAD_EVENTS.messages)


@pytest.mark.parametrize("name", ["ce_sequence", "traceparent", "ce_dataschema", "content-type"])
def test_a_header_without_a_value_is_absent(name: str) -> None:
    # Kafka keeps such headers, and its clients hand them out, though their types do not say so.
    headers: Any = (*MQL.headers, (name, None))
    assert envelope(Message(None, MQL.value, headers)) == envelope(MQL)


def test_of_a_repeated_header_the_last_counts() -> None:
    message = Message(CREATED.key, CREATED.value, (*CREATED.headers, ("ce_sequence", b"77")))
    assert envelope(message, LEAD_EVENTS).sequence == 77


def test_a_foreign_id_of_any_text_gives_the_same_uuid_each_time() -> None:
    assert envelope(MQL).id == derived_id("/marketing", "evt_4711")
    assert envelope(with_headers(MQL, ce_id=b"evt_4712")).id != envelope(MQL).id


def test_an_id_that_is_a_uuid_is_kept() -> None:
    text = "6f1c2f0e-8f0a-5c39-9a53-1d6b6b0c7c11"
    assert envelope(with_headers(MQL, ce_id=text.encode())).id == UUID(text)


@pytest.mark.parametrize(
    "sequence", [b"shard-3/17", b"-1", b"1_000", b" 7", b"9" * 5000, b"9" * 20, "٣".encode()]
)
def test_a_sequence_that_is_not_our_digits_is_the_foreign_senders_own_business(
    sequence: bytes,
) -> None:
    assert envelope(with_headers(MQL, ce_sequence=sequence)).sequence is None
    with pytest.raises(Undecodable, match="ce_sequence"):
        envelope(with_headers(CREATED, ce_sequence=sequence), LEAD_EVENTS)


def test_the_largest_sequence_is_the_databases_largest_integer() -> None:
    largest = with_headers(CREATED, ce_sequence=b"%020d" % (2**63 - 1))
    assert envelope(largest, LEAD_EVENTS).sequence == 2**63 - 1
    with pytest.raises(Undecodable, match="ce_sequence"):
        envelope(with_headers(CREATED, ce_sequence=b"%020d" % 2**63), LEAD_EVENTS)


def test_a_cause_that_is_no_uuid_is_refused_in_our_messages_only() -> None:
    assert envelope(with_headers(MQL, ce_causationid=b"evt_1")).cause is None
    with pytest.raises(Undecodable, match="ce_causationid"):
        envelope(with_headers(CREATED, ce_causationid=b"evt_1"), LEAD_EVENTS)


def test_the_trace_is_read_from_its_extension_attribute_too() -> None:
    traceparent = b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    assert envelope(with_headers(MQL, ce_traceparent=traceparent)).traceparent is not None
    structured = example("mql-received-foreign-id").structured
    carried = Message(None, structured.value, (*structured.headers, ("traceparent", traceparent)))
    assert envelope(carried).traceparent == traceparent.decode()


@pytest.mark.parametrize("traceparent", [b"x", b"00-0000-none", b"\xff", b"00-" + b"0" * 52])
def test_a_malformed_trace_is_passed_over(traceparent: bytes) -> None:
    message = with_headers(MQL, traceparent=traceparent)
    assert envelope(message).traceparent is None


@pytest.mark.parametrize("schema", [b"https://example.com/mql.json", b"urn:other:mql:9"])
def test_a_schema_that_is_not_ours_does_not_matter(schema: bytes) -> None:
    assert envelope(with_headers(MQL, ce_dataschema=schema)) == envelope(MQL)


def test_origin_tells_writer_and_sequence() -> None:
    assert origin(CREATED) == ("/touchline/ingest/7f3c", 41)


@pytest.mark.parametrize(
    "changed", [{"ce_source": None}, {"ce_sequence": None}, {"ce_sequence": b"x"},
                {"ce_source": b"\xff"}, {"ce_source": b"a\0"}],
)  # fmt: skip
def test_origin_leaves_a_message_that_is_not_in_our_form_to_decode(
    changed: dict[str, bytes | None],
) -> None:
    assert origin(with_headers(CREATED, **changed)) is None


def test_what_is_decoded_is_encoded_to_the_same_message() -> None:
    event: Event[Fact] = decode(CREATED, LEAD_EVENTS.messages)
    assert encode(event) == CREATED
