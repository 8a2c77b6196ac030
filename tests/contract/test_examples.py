"""The examples are true: the committed schema and the reader accept each of them."""

import json

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from schemas import json_schema
from schemas.codec import decode
from schemas.export import GENERATED, ROOT
from schemas.topics import TOPICS, Topic
from tests.contract.examples import EXAMPLES, FOLDER, Example, name

WITH_MESSAGES = [topic for topic in TOPICS if topic.messages]
MESSAGES = list(json_schema.messages())


@pytest.mark.parametrize("example", EXAMPLES, ids=name)
def test_an_example_fits_its_committed_schema(example: Example) -> None:
    path = ROOT / GENERATED / f"{json_schema.name(example.class_)}.schema.json"
    schema = json.loads(path.read_text())
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(example.body["data"])


@pytest.mark.parametrize("example", EXAMPLES, ids=name)
def test_an_example_is_read_as_its_class(example: Example) -> None:
    event = decode(example.structured, example.topic.messages)
    assert type(event.data) is example.class_
    assert event.envelope.source == example.body["source"]


@pytest.mark.parametrize(("topic", "class_"), MESSAGES, ids=[c.type for _, c in MESSAGES])
def test_every_message_has_a_full_and_a_minimal_example(topic: Topic, class_: type) -> None:
    cases = {one.case for one in EXAMPLES if one.topic is topic and one.class_ is class_}
    assert {
        f"{json_schema.name(class_).split('.')[0]}-{kind}" for kind in ("full", "minimal")
    } <= cases


@pytest.mark.parametrize("topic", WITH_MESSAGES, ids=lambda topic: topic.name)
def test_a_topic_with_messages_has_writer_reader_and_example(topic: Topic) -> None:
    assert topic.written_by
    assert topic.read_by
    assert any(example.topic is topic for example in EXAMPLES)


def test_every_example_lies_in_the_folder_of_a_topic() -> None:
    assert len(list(FOLDER.rglob("*.json"))) == len(EXAMPLES)


def test_a_message_type_belongs_to_one_topic_and_one_class() -> None:
    types = [class_.type for _, class_ in MESSAGES]
    assert len(types) == len(set(types))
