"""Everything that can die dies under load; then the books must balance."""

import asyncio
import os
import random
from collections.abc import Callable

import pytest

from simulator.cast import simulated
from simulator.run import Script
from tests.deployed_stack import QUICK, deployed
from tests.faults.nemesis import Nemesis
from tests.faults.verdict import Verdict
from tests.real_servers import OwnServers

SEED = int(os.environ.get("NEMESIS_SEED", "20261123"))
LEADS = 900


@pytest.mark.timeout(600)
async def test_no_fault_loses_doubles_or_alters_anything(
    own_servers: Callable[[], OwnServers], record_property: Callable[[str, object], None]
) -> None:
    own = own_servers()
    script = Script(
        seed=SEED, leads=LEADS, leads_per_second=12.0, seconds_per_touch=0.02, settle_seconds=90
    )
    with deployed(own, QUICK) as stack:
        nemesis = Nemesis(stack, own, random.Random(SEED))
        async with simulated(stack.deployment(), script) as simulation:
            raging = asyncio.create_task(asyncio.to_thread(nemesis.rage))
            run = await simulation.play()
            await raging
        books = run.reconciliation()
        verdict = Verdict(own.servers.kafka_bootstrap, own.servers.database_url)
        broken = await asyncio.to_thread(verdict.broken, run.sent.total())
    record_property("seed", SEED)
    record_property("harm", "; ".join(nemesis.done))
    record_property("verdict", f"{books}; {broken or 'every promise held'}")
    assert books.holds, books
    assert not broken
    assert run.retried > 0, "no request met a fault: the load was too small"
