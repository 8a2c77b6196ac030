"""Topics as the registry declares them: told apart from the broker's, made, and checked at start.

A topic's partition count is never altered here: keys would move to other partitions, and one
lead's facts would lie on two of them.
"""

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Protocol

from kafka import KafkaAdminClient
from kafka.admin import ConfigFilterType, ConfigResource, ConfigResourceType
from kafka.errors import KafkaError, TopicAlreadyExistsError, TopicAuthorizationFailedError

from services.runtime.kafka.brokers import Brokers
from services.runtime.kafka.topic_errors import (
    AlterRefused,
    BrokerUnreachable,
    TopicForbidden,
    TopicMissing,
    WrongPartitionCount,
)

_PATIENCE_S = 15
_POLL_S = 0.05


class DeclaredTopic(Protocol):
    """What is compared and made; schemas.topics.Topic is one."""

    @property
    def name(self) -> str:
        """The topic's full name."""

    @property
    def partitions(self) -> int:
        """Fixed for life."""

    @property
    def config(self) -> Mapping[str, str]:
        """The settings that the registry decides; others are the operator's."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that the broker has otherwise than declared; `actual` is None if it is absent."""

    topic: str
    what: str
    declared: str
    actual: str | None


def diff(brokers: Brokers, topics: Iterable[DeclaredTopic]) -> tuple[Difference, ...]:
    """Everything that differs, in the order of the topics; empty when all is as declared."""
    with _admin(brokers) as admin:
        return tuple(_differences(admin, tuple(topics)))


def apply(brokers: Brokers, topics: Iterable[DeclaredTopic]) -> tuple[Difference, ...]:
    """Make the missing topics, set what differs, and return what was changed.

    Raises WrongPartitionCount before anything is changed. Repeating it changes nothing.
    """
    declared = tuple(topics)
    with _admin(brokers) as admin:
        differences = tuple(_differences(admin, declared))
        _refuse_other_counts(differences)
        changed = {difference.topic for difference in differences}
        absent = {difference.topic for difference in differences if difference.what == "topic"}
        _create(admin, [topic for topic in declared if topic.name in absent])
        _alter(admin, [topic for topic in declared if topic.name in changed - absent])
    return differences


def check_partitions(brokers: Brokers, topics: Iterable[DeclaredTopic]) -> None:
    """Raise TopicMissing or WrongPartitionCount unless every topic is as declared."""
    declared = tuple(topics)
    with _admin(brokers) as admin:
        counts = _partition_counts(admin, declared)
    for topic in declared:
        if topic.name not in counts:
            raise TopicMissing(topic.name)
        if counts[topic.name] != topic.partitions:
            raise WrongPartitionCount(topic.name, topic.partitions, counts[topic.name])


@contextmanager
def _admin(brokers: Brokers) -> Iterator[Any]:
    try:
        admin = KafkaAdminClient(bootstrap_timeout_ms=_PATIENCE_S * 1000, **brokers.options)
    except KafkaError as error:
        raise BrokerUnreachable(brokers.bootstrap, type(error).__name__) from error
    try:
        yield admin
    finally:
        admin.close()


def _differences(admin: Any, topics: tuple[DeclaredTopic, ...]) -> Iterator[Difference]:
    counts = _partition_counts(admin, topics)
    configs = _configs(admin, [topic for topic in topics if topic.name in counts])
    for topic in topics:
        if topic.name not in counts:
            yield Difference(topic.name, "topic", f"{topic.partitions} partitions", None)
            continue
        if counts[topic.name] != topic.partitions:
            count = str(counts[topic.name])
            yield Difference(topic.name, "partitions", str(topic.partitions), count)
        actual = configs[topic.name]
        for key, value in topic.config.items():
            if actual.get(key) != value:
                yield Difference(topic.name, key, value, actual.get(key))


def _partition_counts(admin: Any, topics: tuple[DeclaredTopic, ...]) -> dict[str, int]:
    described = admin.describe_topics([topic.name for topic in topics])
    for one in described:
        if one["error_code"] == TopicAuthorizationFailedError.errno:
            raise TopicForbidden(one["name"])
    return {one["name"]: len(one["partitions"]) for one in described if not one["error_code"]}


def _configs(admin: Any, topics: list[DeclaredTopic]) -> dict[str, dict[str, str]]:
    if not topics:
        return {}
    wanted = [_resource(topic.name, None) for topic in topics]
    described = admin.describe_configs(wanted, config_filter=ConfigFilterType.ALL)["topic"]
    return {
        name: {key: entry["value"] for key, entry in settings.items()}
        for name, settings in described.items()
    }


def _refuse_other_counts(differences: tuple[Difference, ...]) -> None:
    for found in differences:
        if found.what == "partitions" and found.actual is not None:
            raise WrongPartitionCount(found.topic, int(found.declared), int(found.actual))


def _create(admin: Any, topics: list[DeclaredTopic]) -> None:
    wanted = {
        topic.name: {"num_partitions": topic.partitions, "configs": dict(topic.config)}
        for topic in topics
    }
    if wanted:
        with suppress(TopicAlreadyExistsError):  # another run of this made it meanwhile
            admin.create_topics(wanted)
        admin.wait_for_topics(list(wanted))


def _alter(admin: Any, topics: list[DeclaredTopic]) -> None:
    if not topics:
        return
    answers = admin.alter_configs([_resource(topic.name, dict(topic.config)) for topic in topics])
    for name, answer in answers["topic"].items():
        if answer != "OK":
            raise AlterRefused(name, answer)
    _await_as_declared(admin, tuple(topics))


def _await_as_declared(admin: Any, topics: tuple[DeclaredTopic, ...]) -> None:
    """The controller answers before the broker has applied what it wrote."""
    deadline = time.monotonic() + _PATIENCE_S
    while late := next(_differences(admin, topics), None):
        if time.monotonic() > deadline:
            raise AlterRefused(late.topic, f"{late.what} is still {late.actual}")
        time.sleep(_POLL_S)


def _resource(name: str, configs: dict[str, str] | None) -> ConfigResource:
    return ConfigResource(ConfigResourceType.TOPIC, name, configs)
