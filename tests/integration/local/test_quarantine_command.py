"""`touchline quarantine`, from an operator's side, on a real broker."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from kafka import KafkaProducer
from typer.testing import CliRunner, Result

from cli import quarantine_records
from cli.quarantine import app
from cli.quarantine_records import send
from deploy.local.servers import Servers
from schemas.topics import QUARANTINE, Topic
from services.runtime.fold import quarantine, redrive
from services.runtime.fold.quarantine import Refused
from tests.integration.delivery import wire
from tests.real_servers import TopicMaker
from tests.unit.runtime_delivery.test_redrive import Read

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
BYTES = b'\xff\x00 of "Ann"'


@pytest.fixture
def aside(broker_topics: TopicMaker, monkeypatch: pytest.MonkeyPatch) -> Topic:
    """A quarantine of this test's own."""
    own = replace(QUARANTINE, name=broker_topics("quarantine", 2), partitions=2)
    for module in (quarantine, redrive, quarantine_records):
        monkeypatch.setattr(module, "QUARANTINE", own)
    return own


@pytest.fixture
def door(broker_topics: TopicMaker, monkeypatch: pytest.MonkeyPatch) -> str:
    """A topic that others write to."""
    name = broker_topics("door", 2)
    monkeypatch.setattr(redrive, "_OPEN", {name})
    return name


@pytest.fixture
def producer(servers: Servers) -> Iterator[Any]:
    made = KafkaProducer(bootstrap_servers=servers.kafka_bootstrap)
    yield made
    made.close()


@pytest.fixture
def refused(producer: Any, door: str) -> None:
    """Two records of a door, and one of a topic that only we write."""
    for n, topic in enumerate((door, door, "sales.lead.events.v1")):
        record = Read(topic, 1, n, b"key", BYTES, (("ce_id", b"%d" % n),))
        why = Refused(record, "not-utf8", "it is no UTF-8")
        send(producer, quarantine.outgoing(why, "ingest", AT))


def run(servers: Servers, *arguments: str) -> Result:
    """In a thread of its own, as a command is in no event loop of the test's."""
    told = [*arguments, "--bootstrap", servers.kafka_bootstrap]
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(CliRunner().invoke, app, told).result()


async def lying(servers: Servers, topic: str) -> list[Any]:
    return await wire.read(servers.kafka_bootstrap, topic, 2)


@pytest.mark.usefixtures("aside", "refused")
def test_a_list_tells_why_and_no_value(servers: Servers, door: str) -> None:
    shown = run(servers, "list")
    known = json.loads(run(servers, "list", "--json").stdout)

    assert [one["id"] for one in known] == ["1:0", "1:1", "1:2"]
    assert (known[0]["from"], known[0]["code"], known[0]["redriven"]) == (door, "not-utf8", False)
    assert "it is no UTF-8" in shown.stdout
    assert "Ann" not in shown.stdout + json.dumps(known)


@pytest.mark.usefixtures("aside", "refused")
def test_a_record_is_shown_as_it_came(servers: Servers) -> None:
    shown = json.loads(run(servers, "show", "1:1", "--json").stdout)

    assert shown["headers"] == {"ce_id": "1"}
    assert shown["value_base64"] == "/wAgb2YgIkFubiI="
    assert "value_base64" in run(servers, "show", "1:1").stdout


@pytest.mark.usefixtures("aside", "refused")
async def test_what_is_put_back_lies_at_its_door_as_it_came_and_is_recorded(
    servers: Servers, door: str
) -> None:
    first = run(servers, "redrive", "1:1")
    again = run(servers, "redrive", "1:1")

    [back] = await lying(servers, door)
    assert (first.exit_code, first.stdout) == (0, f"1:1: sent to {door}\n")
    assert (back.partition, back.key, back.value) == (1, b"key", BYTES)
    assert dict(back.headers)["ce_id"] == b"1"
    assert (again.exit_code, "put back already" in again.stderr) == (1, True)
    known = json.loads(run(servers, "list", "--json").stdout)
    assert [one["redriven"] for one in known] == [False, True, False]


@pytest.mark.usefixtures("aside")
async def test_a_header_without_a_value_is_shown_and_put_back_empty(
    servers: Servers, door: str
) -> None:
    headers: Any = (("ce_id", b"1"), ("x", None))
    record = Read(door, 1, 0, b"key", BYTES, headers)
    kept = quarantine.outgoing(Refused(record, "not-utf8", "it is no UTF-8"), "ingest", AT)
    await wire.write(servers.kafka_bootstrap, [kept])

    shown = json.loads(run(servers, "show", "1:0", "--json").stdout)
    sent = run(servers, "redrive", "1:0")

    [back] = await lying(servers, door)
    assert shown["headers"] == {"ce_id": "1", "x": ""}
    assert (sent.exit_code, dict(back.headers)["x"]) == (0, b"")


@pytest.mark.usefixtures("aside", "refused")
@pytest.mark.parametrize(
    ("ids", "said"),
    [
        (["1:0", "1:2"], "only our services write sales.lead.events.v1"),
        (["1:0", "0:7"], "0:7 does not lie in quarantine"),
    ],
)
async def test_all_of_them_or_none(
    servers: Servers, aside: Topic, door: str, ids: list[str], said: str
) -> None:
    result = run(servers, "redrive", *ids)

    assert (result.exit_code, said in result.stderr) == (1, True)
    assert await lying(servers, door) == []
    assert len(await lying(servers, aside.name)) == 3


@pytest.mark.usefixtures("aside", "refused")
async def test_a_dry_run_sends_nothing(servers: Servers, aside: Topic, door: str) -> None:
    result = run(servers, "redrive", "1:0", "1:1", "--dry-run")

    assert result.stdout == f"1:0: would be sent to {door}\n1:1: would be sent to {door}\n"
    assert await lying(servers, door) == []
    assert len(await lying(servers, aside.name)) == 3


@pytest.mark.usefixtures("aside")
def test_nothing_lies_there(servers: Servers) -> None:
    assert run(servers, "list").stderr == "Nothing lies in quarantine.\n"
    assert json.loads(run(servers, "list", "--json").stdout) == []
