"""The registry's topics on a real broker."""

from dataclasses import dataclass, field, replace

import pytest

from deploy.local.servers import Servers
from services.runtime import topics
from services.runtime.topic_errors import AlterRefused, TopicMissing, WrongPartitionCount
from services.runtime.topics import Difference
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
def bootstrap(servers: Servers) -> str:
    return servers.kafka_bootstrap


def test_a_missing_topic_is_told_then_made_then_in_order(
    bootstrap: str, declared: Declared
) -> None:
    missing = Difference(declared.name, "topic", "3 partitions", None)

    assert topics.diff(bootstrap, [declared]) == (missing,)
    assert topics.apply(bootstrap, [declared]) == (missing,)
    assert topics.diff(bootstrap, [declared]) == ()
    topics.check_partitions(bootstrap, [declared])


def test_applying_again_changes_nothing(bootstrap: str, declared: Declared) -> None:
    topics.apply(bootstrap, [declared])

    assert topics.apply(bootstrap, [declared]) == ()


def test_a_changed_setting_is_told_and_set(bootstrap: str, declared: Declared) -> None:
    topics.apply(bootstrap, [declared])
    shorter = replace(declared, config={"retention.ms": "60000"})
    change = Difference(declared.name, "retention.ms", "60000", "-1")

    assert topics.apply(bootstrap, [shorter]) == (change,)
    assert topics.diff(bootstrap, [shorter]) == ()


def test_a_setting_that_the_broker_refuses_is_an_error(bootstrap: str, declared: Declared) -> None:
    topics.apply(bootstrap, [declared])

    with pytest.raises(AlterRefused, match=declared.name):
        topics.apply(bootstrap, [replace(declared, config={"retention.ms": "a while"})])


def test_another_partition_count_is_refused_before_anything_changes(
    bootstrap: str, declared: Declared, broker_topics: TopicMaker
) -> None:
    topics.apply(bootstrap, [declared])
    wider = replace(declared, partitions=4)
    absent = Declared(broker_topics.reserve("absent"))

    with pytest.raises(WrongPartitionCount, match="has 3 partitions, but 4 are declared"):
        topics.apply(bootstrap, [absent, wider])

    assert topics.diff(bootstrap, [absent])


def test_a_service_refuses_to_start_on_another_partition_count(
    bootstrap: str, declared: Declared
) -> None:
    topics.apply(bootstrap, [declared])

    with pytest.raises(WrongPartitionCount, match="delete it if it is empty"):
        topics.check_partitions(bootstrap, [replace(declared, partitions=12)])


def test_a_service_refuses_to_start_without_its_topic(bootstrap: str, declared: Declared) -> None:
    with pytest.raises(TopicMissing, match="touchline topics apply"):
        topics.check_partitions(bootstrap, [declared])
