"""Faust, for what it is good at: group membership, assignment, fetching. The rest is off."""

import asyncio
from collections.abc import Awaitable, Callable

from faust.types import TP, StreamT

from services.runtime.fold.intake import Batch
from services.runtime.fold.transport import App, AsItCame
from services.runtime.kafka.brokers import Brokers

HandOver = Callable[[TP, Batch], Awaitable[None]]

MAX_POLL_RECORDS = 500
"""A batch's most records: larger ones hold their locks longer, smaller ones commit more often."""
BUFFERED_BATCHES = 4
"""Between Faust and the lanes, where more of them wait."""
LOOK_SECONDS = 0.5
REQUEST_SECONDS = 90.0
"""How long an answer of the broker may take, as Faust has it; no less than a session may."""


def build(group: str, brokers: Brokers, session_timeout: float, heartbeat_interval: float) -> App:
    """A Faust app in the group `group`, without web server, tables, leader or producer."""
    app = App(
        group,
        broker=[f"batch://{server}" for server in brokers.servers],
        broker_credentials=brokers.credentials,
        store="memory://",
        web_enabled=False,
        topic_allow_declare=False,
        topic_disable_leader=True,
        broker_session_timeout=session_timeout,
        broker_request_timeout=max(REQUEST_SECONDS, session_timeout),
        broker_heartbeat_interval=heartbeat_interval,
        broker_max_poll_records=MAX_POLL_RECORDS,
        consumer_auto_offset_reset="earliest",
        stream_buffer_maxsize=BUFFERED_BATCHES,
        stream_wait_empty=False,
    )
    app.boot_strategy.enable_kafka_producer = False
    return app


def read(app: App, topic: str, hand_over: HandOver) -> None:
    """Have the app hand over the batches of a topic, each partition's in order."""

    async def agent(stream: StreamT[Batch]) -> None:
        async for event in stream.events():
            await hand_over(event.message.tp, event.value)

    channel = app.topic(topic, schema=AsItCame(), key_type=bytes, value_type=bytes)
    app.agent(channel, name=f"fold-{topic}")(agent)


async def run(app: App, started: Callable[[], None]) -> None:
    """Start the app and return when it is stopped. Raises what it crashed with.

    Its threads mark a crash without waking this loop: hence it is looked for.
    """
    await app.start()
    if not app.should_stop:
        started()
    while not app.should_stop:  # noqa: ASYNC110  no event that another thread may set
        await asyncio.sleep(LOOK_SECONDS)
    if app.crashed:
        raise app.crash_reason or RuntimeError("Faust crashed without a reason")
