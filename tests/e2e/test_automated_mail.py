"""An automated step through all five services: a lead in, a mail out, and the cadence goes on."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.local.keys import SOURCE
from deploy.local.stack import Stack
from schemas.topics import CADENCE_DECISIONS, LEAD_EVENTS, Topic
from tests.deployed_stack import deployed
from tests.history import log
from tests.integration.delivery.wire import until
from tests.integration.prioritizer.process import running
from tests.integration.sender.post import Server, mail_server
from tests.integration.sender.test_process import ENV
from tests.real_servers import OwnServers

PLAYBOOK = """
name: mail-first
team: inbound
calendar: {time_zone: Etc/UTC, days: [mon, tue, wed, thu, fri, sat, sun], hours: "00:00-23:59"}
entry: [{cadence: mail-first}]
cadences:
  - name: mail-first
    steps:
      - {day: 1, channel: email, kind: automated, template: follow-up, activity: "E-mail: hello"}
      - {with_previous: true, channel: call, activity: "Call"}
      - {day: 3, channel: email, kind: automated, template: follow-up, activity: "E-mail: again"}
results:
  - {code: SENT, label: "Message sent", action: next-touch}
  - {code: QUALIFIED, label: "Sales-qualified", action: qualify}
"""


@pytest.fixture(scope="module")
def stack(own_servers: Callable[[], OwnServers], tmp_path_factory: Any) -> Iterator[Stack]:
    file: Path = tmp_path_factory.mktemp("playbook") / "mail-first.yaml"
    file.write_text(PLAYBOOK)
    with deployed(own_servers(), {}) as stack:
        stack.publish(file)
        yield stack


async def test_a_mail_is_sent_the_rep_is_next_and_the_link_ends_all_mail(stack: Stack) -> None:
    async with mail_server() as server:
        env = ENV | {
            "TOUCHLINE_VAULT_KEY": stack.keys.vault,
            "TOUCHLINE_SMTP_PORT": str(server.port),
        }
        with running("services.sender", stack.servers, env) as sender:
            send_a_lead(stack)
            mail = await first(server)
            touch = await fact(stack, LEAD_EVENTS, "touch-logged")
            assert f"<{touch.plan_id}@example.com>" == mail["Message-ID"]
            assert (touch.channel, touch.result_code) == ("email", "SENT")
            call = await fact(stack, CADENCE_DECISIONS, "touch-planned", step=2)
            assert (call.channel, call.attempts) == ("call", 1)
            link = mail["List-Unsubscribe"].strip("<>").rpartition("/v1/")[2]
            assert (await asyncio.to_thread(sender.post, f"/v1/{link}")).status_code == 200
            opted_out = await fact(stack, LEAD_EVENTS, "opted-out")
            assert (opted_out.lead_id, opted_out.channel) == (touch.lead_id, "email")


def send_a_lead(stack: Stack) -> None:
    answer = httpx.post(
        f"{stack.url('ingest')}/v1/leads",
        json={"email": "ada@example.com", "first_name": "Ada"},
        headers={"Authorization": f"Bearer {stack.keys.source}", "Idempotency-Key": SOURCE},
        timeout=30,
    )
    assert answer.status_code == httpx.codes.ACCEPTED, answer.text


async def first(server: Server) -> Any:
    async def there() -> bool:
        return bool(server.taken)

    await until(there)
    return server.taken[0]


async def fact(stack: Stack, topic: Topic, type_: str, **said: object) -> Any:
    """The one fact of the type that says so, once it is there."""
    found: list[Any] = []

    async def there() -> bool:
        partitions = await asyncio.to_thread(log, stack.servers.kafka_bootstrap, topic)
        facts = [one.event.data for logged in partitions.values() for one in logged]
        found[:] = [
            one
            for one in facts
            if one.type == type_ and all(getattr(one, key) == said[key] for key in said)
        ]
        return bool(found)

    await until(there)
    (only,) = found
    return only
