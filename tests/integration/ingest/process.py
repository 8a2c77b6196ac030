"""Ingest as a process that tests start, ask and kill."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import httpx
import psycopg
from kafka import KafkaProducer

from schemas.topics import LEAD_EVENTS
from tests.history import Logged, log
from tests.integration.ingest.harness import OPERATOR_KEY, PLAYBOOK, environment
from tests.real_servers import OwnServers

PATIENCE_SECONDS = 90


@dataclass
class Process:
    """Ingest, started, asked, killed."""

    own: OwnServers
    port: int
    output: Path
    process: subprocess.Popen[bytes]

    @classmethod
    def start(cls, own: OwnServers, port: int, output: Path) -> Self:
        """Start it with nothing but its settings."""
        env = environment(own.servers.database_url, own.servers.kafka_bootstrap, port)
        env |= {"TOUCHLINE_SESSION_TIMEOUT_SECONDS": "6"}
        command = [sys.executable, "-m", "services.ingest"]
        with output.open("ab") as file:
            process = subprocess.Popen(command, env=env, stdout=file, stderr=file)
        return cls(own, port, output, process)

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    async def publish(self, playbook: bytes = PLAYBOOK.content.encode()) -> None:
        """Bring a playbook into force, by default the tests' own, once the door is open."""
        headers = {"authorization": f"Bearer {OPERATOR_KEY}"}
        async with httpx.AsyncClient(base_url=self.url, timeout=30) as client:
            async with asyncio.timeout(PATIENCE_SECONDS):
                answer = await until_answered(client, "PUT", "/v1/playbook", playbook, headers)
        assert answer.status_code == 200, answer.text

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self.process.wait()

    def facts(self) -> list[Logged]:
        """The facts about leads on the log, without repeats, once the outbox is empty."""
        until(lambda: self.count("select count(*) from ingest.outbox") == 0)
        partitions = log(self.own.servers.kafka_bootstrap, LEAD_EVENTS).values()
        return [
            one for logged in partitions for one in logged if hasattr(one.event.data, "lead_id")
        ]

    def count(self, sql: str) -> int:
        """The number that the query gives."""
        with psycopg.connect(self.own.servers.database_url) as conn:
            (number,) = conn.execute(sql.encode()).fetchone() or (0,)
        return int(number)


async def until_answered(
    client: httpx.AsyncClient, method: str, path: str, content: bytes, headers: dict[str, str]
) -> httpx.Response:
    """As a sender does it: again, until there is an answer that is not "later"."""
    while True:
        try:
            answer = await client.request(method, path, content=content, headers=headers)
        except httpx.TransportError:
            await asyncio.sleep(0.05)
            continue
        if answer.status_code != 503:
            return answer
        await asyncio.sleep(0.05)


def until(true: Callable[[], Any]) -> None:
    """Return once it is true; the test's own limit ends a vain wait."""
    while not true():
        time.sleep(0.05)


def cloud_event(type_: str, id_: str) -> list[tuple[str, bytes]]:
    """The headers of a message that another system wrote."""
    return [
        ("ce_specversion", b"1.0"),
        ("ce_type", type_.encode()),
        ("ce_source", b"/crm/leads"),
        ("ce_id", id_.encode()),
        ("content-type", b"application/json"),
    ]


def produce(
    own: OwnServers, topic: str, records: Sequence[tuple[bytes, list[tuple[str, bytes]]]]
) -> None:
    """All to one partition, in order."""
    producer = KafkaProducer(bootstrap_servers=own.servers.kafka_bootstrap)
    for value, headers in records:
        producer.send(topic, value=value, headers=headers, partition=3)
    producer.flush()
    producer.close()
