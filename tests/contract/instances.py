"""Hypothesis strategies: anything that a message class, or a schema, allows."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from schemas.envelope import Envelope, Event
from schemas.events.fact import Fact
from schemas.json_schema import schema
from schemas.subset import Schema, inlined
from schemas.topics import Topic

GENEROUS = settings(
    deadline=None,
    database=None,
    max_examples=20,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
"""Machines differ, and classes that need one of several fields refuse much of what is drawn."""

OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.builds(
    datetime.fromtimestamp,
    st.floats(86_400, 7_258_000_000),
    OFFSETS | st.just(UTC),
)
ENVELOPES = st.builds(
    Envelope,
    st.uuids(),
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=100),
    st.none() | st.integers(0, 2**63 - 1),
    st.none() | st.uuids(),
    st.none() | st.just("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
)


def allowed(contract: Schema) -> st.SearchStrategy[Any]:
    """What a schema allows, as a careful writer writes it: no properties beyond the known."""
    return _part(inlined(contract))


def _part(part: Schema) -> st.SearchStrategy[Any]:
    if "enum" in part or "const" in part:
        return st.sampled_from(part.get("enum", [part.get("const")]))
    if "anyOf" in part:
        return st.one_of([_part(branch) for branch in part["anyOf"]])
    return _TYPES[part["type"]](part)


def _object(part: Schema) -> st.SearchStrategy[Any]:
    fields = {name: _part(value) for name, value in part["properties"].items()}
    required = {name: fields.pop(name) for name in part.get("required", ())}
    return st.fixed_dictionaries(required, optional=fields)


def _string(part: Schema) -> st.SearchStrategy[Any]:
    if "format" in part:
        return _FORMATS[part["format"]]
    low, high = part.get("minLength", 0), part.get("maxLength")
    text = st.characters(codec="utf-8", exclude_characters="\0" if "pattern" in part else "")
    if part.get("pattern", NO_NUL) == NO_NUL:
        return st.text(text, min_size=low, max_size=high)
    matching = st.from_regex(part["pattern"], alphabet=text)
    return matching.filter(lambda s: s[-1:] != "\n" and low <= len(s) <= (high or len(s)))


NO_NUL = r"^[^\x00]*$"
_FORMATS = {"uuid": st.uuids().map(str), "date-time": MOMENTS.map(datetime.isoformat)}
_TYPES: Mapping[str, Callable[[Schema], st.SearchStrategy[Any]]] = {
    "object": _object,
    "string": _string,
    "array": lambda part: st.lists(_part(part["items"]), max_size=3),
    "integer": lambda part: st.integers(part.get("minimum"), part.get("maximum")),
    "boolean": lambda _: st.booleans(),
    "null": lambda _: st.none(),
}


def data(topic: Topic, class_: type[Any]) -> st.SearchStrategy[Any]:
    """Instances of a message class."""

    def read(body: object) -> Any:
        try:
            return class_.model_validate(body)
        except ValidationError:
            return None

    return allowed(schema(topic, class_)).map(read).filter(lambda one: one is not None)


def events(topic: Topic, class_: type[Any]) -> st.SearchStrategy[Event[Fact]]:
    """Any event that we could write."""
    return st.builds(Event, ENVELOPES, data(topic, class_))
