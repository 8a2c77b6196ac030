"""The `cloudevents` library reads what we write, and we read what it writes, in both modes."""

from typing import Any

import pytest
from cloudevents.core.bindings import kafka
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

from schemas.codec import Message, decode, encode
from schemas.events.fact import Fact
from schemas.json_schema import messages
from schemas.topics import MQL_RECEIVED
from tests.contract.examples import EXAMPLES, Example, example, name

FACTS = [one for one in EXAMPLES if issubclass(one.class_, Fact)]


def as_library(one: Example) -> CloudEvent:
    event = JSONFormat().read(CloudEvent, one.structured.value or b"")
    assert isinstance(event, CloudEvent)
    return event


def as_ours(message: kafka.KafkaMessage) -> Message:
    key = message.key.encode() if isinstance(message.key, str) else message.key
    return Message(key, message.value, tuple(message.headers.items()))


@pytest.mark.parametrize("one", FACTS, ids=name)
def test_the_library_reads_what_we_write(one: Example) -> None:
    event = decode(one.structured, one.topic.messages)
    message = encode(event)
    assert message.value is not None
    read = kafka.from_kafka(
        kafka.KafkaMessage(dict(message.headers), message.key, message.value), JSONFormat()
    )
    assert (read.get_id(), read.get_source()) == (str(event.envelope.id), event.envelope.source)
    assert (read.get_type(), read.get_specversion()) == (one.class_.type, "1.0")
    assert read.get_time() == event.data.occurred_at
    assert read.get_subject() == (message.key.decode() if message.key else None)
    assert read.get_data() == event.data.model_dump(mode="json")


@pytest.mark.parametrize("one", EXAMPLES, ids=name)
def test_we_read_what_the_library_writes_in_structured_mode(one: Example) -> None:
    message = as_ours(kafka.to_structured(as_library(one), JSONFormat()))
    assert decode(message, one.topic.messages) == decode(one.structured, one.topic.messages)


@pytest.mark.parametrize("one", EXAMPLES, ids=name)
def test_we_read_what_the_library_writes_in_binary_mode(one: Example) -> None:
    message = as_ours(kafka.to_binary(as_library(one), JSONFormat()))
    assert decode(message, one.topic.messages) == decode(one.structured, one.topic.messages)


def test_we_read_data_that_the_library_writes_as_base64() -> None:
    one = example("mql-received-umlauts")
    attributes = {k: v for k, v in one.body.items() if k != "data"}
    raw = JSONFormat().write_data(one.body["data"], "application/json")
    message = as_ours(kafka.to_structured(CloudEvent(attributes, raw), JSONFormat()))
    assert message.value is not None
    assert b"data_base64" in message.value
    assert decode(message, MQL_RECEIVED.messages) == decode(one.structured, MQL_RECEIVED.messages)


def test_an_integer_attribute_in_structured_mode_counts_like_its_text() -> None:
    one = example("lead-created-full")
    body: dict[str, Any] = {**one.body, "sequence": 41}
    read = decode(Example(one.topic, one.case, body).structured, one.topic.messages)
    assert read.envelope.sequence == 41


def test_the_oracle_sees_every_message_class() -> None:
    assert {one.class_ for one in EXAMPLES} == {class_ for _, class_ in messages()}
