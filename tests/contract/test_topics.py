"""The registry of topics keeps what was promised about all of them."""

import re

import pytest

from schemas.topics import TOPICS, Topic


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_a_name_is_lower_case_with_dots_and_its_major_version(topic: Topic) -> None:
    assert re.fullmatch(r"sales(\.[a-z]+)+\.v[0-9]+", topic.name)


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_a_topic_has_twelve_partitions_for_life(topic: Topic) -> None:
    assert topic.partitions == 12


def test_names_are_told_apart() -> None:
    assert len({topic.name for topic in TOPICS}) == len(TOPICS)


def test_the_log_of_facts_is_kept_for_ever_and_never_compacted() -> None:
    kept = {topic.name: dict(topic.config) for topic in TOPICS}
    for name in ("sales.lead.events.v1", "sales.cadence.decisions.v1", "sales.sql.handoff.v1"):
        assert kept[name] == {"cleanup.policy": "delete", "retention.ms": "-1"}
