"""The codec holds for everything that a class allows, and for every byte that a stranger sends."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from schemas import json_schema
from schemas.codec import Headers, Message, Undecodable, decode, encode, origin
from schemas.events.fact import Fact
from schemas.topics import TOPICS, Topic
from tests.contract.examples import EXAMPLES, Example
from tests.contract.instances import ENVELOPES, GENEROUS, data, events

MESSAGES = list(json_schema.messages())
IDS = [class_.type for _, class_ in MESSAGES]
OURS = [(topic, class_) for topic, class_ in MESSAGES if issubclass(class_, Fact)]
EVERY_CLASS = tuple(class_ for _, class_ in MESSAGES)
PERSON = "ada.lovelace"

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just(PERSON),
    lambda below: st.lists(below) | st.dictionaries(st.text(), below),
)
NAMES = st.sampled_from([
    "ce_specversion", "ce_type", "ce_source", "ce_id", "ce_dataschema", "ce_sequence",
    "ce_causationid", "ce_traceparent", "traceparent", "content-type", "CE_TYPE", "Content-Type",
])  # fmt: skip
VALUES = st.sampled_from([
    b"1.0", b"lead-created", b"mql-received", b"handoff-answered", b"/source", b"7", None,
    b"application/json", b"application/cloudevents+json", b"urn:touchline:schema:lead-created:1",
])  # fmt: skip
HEADERS = st.lists(st.tuples(NAMES | st.text(), VALUES | st.binary())).map(tuple)


@pytest.mark.parametrize(("topic", "class_"), OURS, ids=[class_.type for _, class_ in OURS])
@GENEROUS
@given(st.data())
def test_what_is_written_is_read_back(
    topic: Topic, class_: type[Any], drawn: st.DataObject
) -> None:
    event = drawn.draw(events(topic, class_))
    message = encode(event)
    assert decode(message, topic.messages) == event
    assert encode(decode(message, topic.messages)) == message
    sequence = event.envelope.sequence
    assert origin(message) == (None if sequence is None else (event.envelope.source, sequence))


@pytest.mark.parametrize(("topic", "class_"), MESSAGES, ids=IDS)
@GENEROUS
@given(st.data())
def test_what_is_written_fits_the_schema_and_both_modes_say_the_same(
    topic: Topic, class_: type[Any], drawn: st.DataObject
) -> None:
    """One test, as most of its time is what is drawn."""
    body = json.loads(drawn.draw(data(topic, class_)).model_dump_json())
    envelope = drawn.draw(ENVELOPES)
    Draft202012Validator(json_schema.schema(topic, class_)).validate(body)

    attributes = {"type": class_.type, "source": envelope.source, "id": str(envelope.id)}
    headers = tuple((f"ce_{name}", value.encode()) for name, value in attributes.items())
    binary = Message(None, json.dumps(body).encode(), headers)
    structured = Message(
        None,
        json.dumps({"specversion": "1.0", **attributes, "data": body}).encode(),
        (("content-type", b"application/cloudevents+json"),),
    )
    assert decode(binary, topic.messages) == decode(structured, topic.messages)


@GENEROUS
@given(st.none() | st.binary(), HEADERS, st.sampled_from(TOPICS))
def test_any_bytes_are_read_or_undecodable(
    value: bytes | None, headers: Headers, topic: Topic
) -> None:
    message = Message(None, value, headers)
    with contextlib.suppress(Undecodable):
        decode(message, topic.messages)
    origin(message)


@GENEROUS
@given(ANY_JSON, HEADERS)
def test_any_json_is_read_or_undecodable(body: object, headers: Headers) -> None:
    with contextlib.suppress(Undecodable):
        decode(Message(None, json.dumps(body).encode(), headers), EVERY_CLASS)


@pytest.mark.parametrize("place", ["field", "attribute", "key"])
@GENEROUS
@given(st.sampled_from(EXAMPLES), st.data())
def test_a_spoilt_example_never_tells_what_was_sent(
    place: str, one: Example, drawn: st.DataObject
) -> None:
    body = json.loads(json.dumps(one.body))
    if place == "key":
        body["data"]["Ada <ada.lovelace@example.com>"] = drawn.draw(ANY_JSON)
    else:
        spoilt = body["data"] if place == "field" else body
        spoilt[drawn.draw(st.sampled_from(sorted(spoilt)))] = drawn.draw(
            st.sampled_from([PERSON, [PERSON], {PERSON: PERSON}]) | ANY_JSON
        )
    assert PERSON not in told(Example(one.topic, one.case, body))


def told(one: Example) -> str:
    """What is said about a message that may be wrong."""
    try:
        decode(one.structured, one.topic.messages)
    except Undecodable as error:
        return str(error)
    return ""
