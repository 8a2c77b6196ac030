"""JSON Schema 2020-12 of each message class: what is committed under schemas/generated/."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode

from schemas.codec import SCHEMA
from schemas.subset import Schema
from schemas.topics import TOPICS, Topic

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def messages() -> Iterator[tuple[Topic, type[Any]]]:
    """Every message class with the topic that it lies on, in the registry's order."""
    return ((topic, class_) for topic in TOPICS for class_ in topic.messages)


def name(class_: type[Any]) -> str:
    """Under which a class's schema is kept: its wire type and version."""
    return f"{class_.type}.v{class_.version}"


def schema(topic: Topic, class_: type[BaseModel]) -> Schema:
    """What we write on our topics; what we accept on the topics of others."""
    generated = _generated(class_, "serialization" if topic.ours else "validation")
    return {"$schema": DIALECT, "$id": f"{SCHEMA}{name(class_).replace('.v', ':')}", **generated}


@cache
def _generated(class_: type[Any], mode: JsonSchemaMode) -> Schema:
    generated: Schema = class_.model_json_schema(mode=mode)
    return generated


def schemas() -> dict[str, Schema]:
    """All schemas by name."""
    return {name(class_): schema(topic, class_) for topic, class_ in messages()}
