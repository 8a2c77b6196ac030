"""A lead's way through the real processes, from three doors to the CRM's answer."""

import asyncio
import base64
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from deploy.local.stack import Stack
from simulator.cast import simulated
from simulator.run import Run, Script
from tests.deployed_stack import deployed
from tests.faults.verdict import Verdict
from tests.real_servers import OwnServers

SCRIPT = Script(seed=3, leads=90, leads_per_second=15.0, seconds_per_touch=0.05)


@pytest.fixture(scope="module")
def stack(own_servers: Callable[[], OwnServers]) -> Iterator[Stack]:
    with deployed(own_servers(), {}) as running:
        yield running


@pytest.fixture(scope="module")
def run(stack: Stack) -> Run:
    return asyncio.run(_played(stack))


async def _played(stack: Stack) -> Run:
    async with simulated(stack.deployment(), SCRIPT) as simulation:
        return await simulation.play()


def test_every_lead_sent_is_in_cadence_ended_or_handed_off(run: Run) -> None:
    assert run.sent.keys() == {"api", "shopify", "kafka"}
    assert run.sent.total() == SCRIPT.leads
    assert run.reconciliation().holds, run.reconciliation()


def test_every_lead_is_entered_and_touched(run: Run) -> None:
    assert len(run.tally.entered) == SCRIPT.leads
    assert run.tally.first_touch.keys() | run.tally.ended.keys() == run.tally.created.keys()


def test_qualified_leads_reach_the_crm_and_its_answers_come_back(run: Run) -> None:
    assert run.tally.qualified
    assert set(run.tally.handoffs.values()) == run.tally.qualified
    assert run.tally.answered.keys() == run.tally.handoffs.keys()
    assert set(run.tally.answered.values()) <= {"accepted", "rejected"}


def test_a_reply_reported_by_a_mail_tool_ends_the_cadence(run: Run) -> None:
    assert "replied" in run.tally.ended.values()


def test_the_log_decides_the_same_again(run: Run, stack: Stack) -> None:
    servers = stack.servers
    verdict = Verdict(servers.kafka_bootstrap, servers.database_url)
    assert not verdict.broken(received=run.sent.total())


@pytest.mark.usefixtures("run")
def test_a_service_with_another_vault_key_refuses_to_start(stack: Stack, tmp_path: Path) -> None:
    other = base64.b64encode(bytes(32)).decode()
    wrong = Stack(tmp_path, stack.servers, replace(stack.keys, vault=other))
    assert wrong.another("handoff").wait(timeout=60) == 78
    assert "TOUCHLINE_VAULT_KEY is not the key" in wrong.log("handoff").read_text()
