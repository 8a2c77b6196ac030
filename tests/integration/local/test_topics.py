"""The registry's topics on a real broker."""

from dataclasses import dataclass, field, replace

import pytest

from deploy.local.servers import Servers
from services.runtime.kafka import topics
from services.runtime.kafka.brokers import Brokers
from services.runtime.kafka.topic_errors import AlterRefused, TopicMissing, WrongPartitionCount
from services.runtime.kafka.topics import Difference
from tests.real_servers import TopicMaker


@dataclass(frozen=True)
class Declared:
    name: str
    partitions: int = 3
    config: dict[str, str] = field(default_factory=lambda: {"retention.ms": "-1"})


@pytest.fixture
def declared(broker_topics: TopicMaker) -> Declared:
    return Declared(broker_topics.reserve("declared"))


@pytest.fixture
def brokers(servers: Servers) -> Brokers:
    return servers.brokers


def test_a_missing_topic_is_told_then_made_then_in_order(
    brokers: Brokers, declared: Declared
) -> None:
    missing = Difference(declared.name, "topic", "3 partitions", None)

    assert topics.diff(brokers, [declared]) == (missing,)
    assert topics.apply(brokers, [declared]) == (missing,)
    assert topics.diff(brokers, [declared]) == ()
    topics.check_partitions(brokers, [declared])


def test_applying_again_changes_nothing(brokers: Brokers, declared: Declared) -> None:
    topics.apply(brokers, [declared])

    assert topics.apply(brokers, [declared]) == ()


def test_a_changed_setting_is_told_and_set(brokers: Brokers, declared: Declared) -> None:
    topics.apply(brokers, [declared])
    shorter = replace(declared, config={"retention.ms": "60000"})
    change = Difference(declared.name, "retention.ms", "60000", "-1")

    assert topics.apply(brokers, [shorter]) == (change,)
    assert topics.diff(brokers, [shorter]) == ()


def test_a_setting_that_the_broker_refuses_is_an_error(
    brokers: Brokers, declared: Declared
) -> None:
    topics.apply(brokers, [declared])

    with pytest.raises(AlterRefused, match=declared.name):
        topics.apply(brokers, [replace(declared, config={"retention.ms": "a while"})])


def test_another_partition_count_is_refused_before_anything_changes(
    brokers: Brokers, declared: Declared, broker_topics: TopicMaker
) -> None:
    topics.apply(brokers, [declared])
    wider = replace(declared, partitions=4)
    absent = Declared(broker_topics.reserve("absent"))

    with pytest.raises(WrongPartitionCount, match="has 3 partitions, but 4 are declared"):
        topics.apply(brokers, [absent, wider])

    assert topics.diff(brokers, [absent])


def test_a_service_refuses_to_start_on_another_partition_count(
    brokers: Brokers, declared: Declared
) -> None:
    topics.apply(brokers, [declared])

    with pytest.raises(WrongPartitionCount, match="delete it if it is empty"):
        topics.check_partitions(brokers, [replace(declared, partitions=12)])


def test_a_service_refuses_to_start_without_its_topic(
    brokers: Brokers, declared: Declared
) -> None:
    with pytest.raises(TopicMissing, match="touchline topics apply"):
        topics.check_partitions(brokers, [declared])
