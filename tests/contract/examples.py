"""The example files, as a sender would send them."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import schemas
from schemas.json_schema import messages
from schemas.message import Message
from schemas.topics import TOPICS, Topic

FOLDER = Path(schemas.__file__).parent / "examples"


@dataclass(frozen=True)
class Example:
    """One file: a structured CloudEvent of a topic, named by its case."""

    topic: Topic
    case: str
    body: dict[str, Any]

    @property
    def class_(self) -> type[Any]:
        return next(class_ for _, class_ in messages() if class_.type == self.body["type"])

    @property
    def structured(self) -> Message:
        headers = (("content-type", b"application/cloudevents+json; charset=UTF-8"),)
        return Message(None, json.dumps(self.body).encode(), headers)


EXAMPLES = tuple(
    Example(topic, path.stem, json.loads(path.read_text()))
    for topic in TOPICS
    for path in sorted((FOLDER / topic.name).glob("*.json"))
)


def name(example: Example) -> str:
    """What a parametrised test is called by."""
    return example.case


def example(case: str) -> Example:
    """The example of that case."""
    return next(one for one in EXAMPLES if one.case == case)
