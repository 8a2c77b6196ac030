"""A worker process of a toy service: `python -m tests.integration.delivery.worker <json>`."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

import uvloop
from psycopg import AsyncConnection

from services.runtime.fold import faust_app
from services.runtime.fold.fold import Arrival, Outcome
from services.runtime.fold.fold_app import FoldApp
from services.runtime.fold.tuning import Tuning
from services.runtime.kafka.brokers import Brokers
from services.runtime.kafka.publish import Publisher
from services.runtime.outbox.frames import Outgoing
from services.runtime.outbox.relay import Relay
from services.runtime.postgres import postgres
from tests.integration.delivery.toy import Counted, Counting, Ticked, topic

LIMITS = postgres.Limits(statement=3_000, idle_in_transaction=2_000, transaction=4_500)
TUNING = Tuning(session_timeout=6.0, heartbeat_interval=1.0)


class Unhurried(Counting):
    """Sleeps inside the transaction, so that what happens to the process can happen there."""

    async def apply(self, conn: AsyncConnection, arrivals: Sequence[Arrival]) -> Outcome:
        """Count, and sleep."""
        outcome = await super().apply(conn, arrivals)
        await asyncio.sleep(0.03)
        return outcome


async def unhurried(
    self: Publisher, messages: Iterable[Outgoing], publish: Any = Publisher.publish
) -> None:
    """Sleep between commit and broker."""
    await asyncio.sleep(0.03)
    await publish(self, messages)


def lone(group: str, *given: Any, build: Callable[..., Any]) -> Any:
    """In a consumer group of this process's own."""
    return build(f"{group}-{os.getpid()}", *given)


async def work(given: dict[str, Any]) -> None:
    """Fold, or relay, until SIGTERM."""
    schema, partitions = given["schema"], given["partitions"]
    brokers = Brokers(given["bootstrap"])
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with postgres.pool(given["database_url"], service=schema, limits=LIMITS) as pool:
        if given["part"] == "relay":
            part: Any = Relay(schema, brokers, given["database_url"], idle_seconds=2)
        else:
            input_ = topic(given["topic"], Ticked, partitions, ours=given["ours"])
            if given["groups"]:
                faust_app.build = partial(lone, build=faust_app.build)
            fold = Unhurried(schema, input_, topic(given["output"], Counted, partitions))
            part = FoldApp(schema, brokers, pool, [fold], TUNING)
        await part.start()
        failing = asyncio.create_task(part.wait_failed())
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({failing, stopping}, return_when=asyncio.FIRST_COMPLETED)
        await part.drain()
        if failing.done():
            failing.result()


if __name__ == "__main__":
    faust_app.MAX_POLL_RECORDS = 60
    Publisher.publish = unhurried  # type: ignore[method-assign]
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(work(json.loads(sys.argv[1])))
