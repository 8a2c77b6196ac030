"""Running leads moved there and back by the command, through real services and a real log."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import orjson
import pytest
from typer.testing import CliRunner

from cli.playbook import app
from engagement.cadence.decider import replay
from engagement.playbook import Playbook
from schemas.codec import SEQUENCE, encode
from schemas.topics import CADENCE_DECISIONS, LEAD_EVENTS, TOPICS
from services.runtime.kafka import topics
from tests.history import Logged, log
from tests.integration.ingest.harness import OPERATOR_KEY, SOURCE_KEY, environment
from tests.integration.ingest.process import until
from tests.integration.prioritizer.process import running
from tests.real_servers import OwnServers
from tests.unit.cadence.versions import version

LEADS = 30
OLD, NEW = version("abcd"), version("abcd", speed_to_lead_minutes=20)


@dataclass(frozen=True)
class Stack:
    """Ingest and cadence, at work."""

    bootstrap: str
    ingest: httpx.Client

    def publish(self, playbook: Playbook) -> None:
        headers = {"authorization": f"Bearer {OPERATOR_KEY}"}
        self.ingest.put("/v1/playbook", content=playbook.content, headers=headers)

    def migrate(self, *arguments: str) -> list[dict[str, Any]]:
        where = ["--bootstrap", self.bootstrap, "--ingest", str(self.ingest.base_url), "--json"]
        told = ["migrate", *where, *arguments]
        result = CliRunner().invoke(app, told, env={"OPERATOR_KEY": OPERATOR_KEY})
        assert result.exit_code == 0, result.stderr
        found: list[dict[str, Any]] = json.loads(result.stdout)
        return found

    def published(self, playbook: Playbook) -> set[int]:
        """The partitions on which this playbook lies; it is live in each from there on."""
        logged = (one for ones in log(self.bootstrap, LEAD_EVENTS).values() for one in ones)
        facts = ((one.partition, one.event.data) for one in logged)
        return {at for at, fact in facts if getattr(fact, "digest", "") == playbook.digest}

    def decided(self, type_: str) -> list[Logged]:
        logged = log(self.bootstrap, CADENCE_DECISIONS).values()
        return [one for ones in logged for one in ones if type(one.event.data).type == type_]


@pytest.fixture
def stack(own_servers: Callable[[], OwnServers]) -> Iterator[Stack]:
    servers = own_servers().servers
    topics.apply(servers.brokers, TOPICS)
    told = environment(servers.database_url, servers.kafka_bootstrap, 0)
    with (
        running("services.ingest", servers, told) as ingest,
        running("services.cadence", servers, {}),
    ):
        yield Stack(servers.kafka_bootstrap, ingest)


def test_leads_are_moved_and_moved_back_and_a_replay_decides_the_same(stack: Stack) -> None:
    stack.publish(OLD)
    people = [{"email": f"ann{number}@acme.example"} for number in range(LEADS)]
    headers = {"authorization": f"Bearer {SOURCE_KEY}", "idempotency-key": "1"}
    stack.ingest.post("/v1/leads", content=orjson.dumps(people), headers=headers)
    until(lambda: len(stack.decided("touch-planned")) == LEADS)
    stack.publish(NEW)
    until(lambda: stack.published(NEW) == set(range(LEAD_EVENTS.partitions)))

    foreseen = stack.migrate("--from", OLD.digest[:12], "--to", "live", "--dry-run")
    assert [one["verdict"] for one in foreseen] == ["shifts"] * LEADS
    assert stack.decided("cadence-moved") == []

    stack.migrate("--from", OLD.digest[:12], "--to", "live")
    until(lambda: len(stack.decided("touch-planned")) == 2 * LEADS)
    assert {one["why"] for one in stack.migrate("--from", OLD.digest, "--to", "live")} == {
        f"it is on {NEW.digest[:12]}"
    }

    stack.migrate("--from", NEW.digest, "--to", OLD.digest, "--only-returning")
    until(lambda: len(stack.decided("touch-planned")) == 3 * LEADS)
    moves = [one.event.data.playbook_digest for one in stack.decided("cadence-moved")]
    assert sorted(moves) == sorted([OLD.digest, NEW.digest] * LEADS)
    facts, decisions = log(stack.bootstrap, LEAD_EVENTS), log(stack.bootstrap, CADENCE_DECISIONS)
    for partition, logged in facts.items():
        again = [encode(event) for event in replay(one.event for one in logged)]
        said = [_unnumbered(one) for one in decisions.get(partition, [])]
        assert [(one.key, one.value, one.headers) for one in again] == said


def _unnumbered(logged: Logged) -> tuple[Any, ...]:
    message = logged.message
    headers = tuple(one for one in message.headers if one[0] != SEQUENCE)
    return message.key, message.value, headers
