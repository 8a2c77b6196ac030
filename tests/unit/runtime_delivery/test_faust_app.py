"""What Faust is told: whatever a deployment may say of sessions, it takes."""

import asyncio
from typing import Any, cast

import pytest
from aiokafka import AIOKafkaConsumer  # type: ignore[import-untyped]

from services.runtime.fold import faust_app
from services.runtime.fold.transport import Consumer
from services.runtime.kafka.brokers import Brokers


@pytest.mark.parametrize("seconds", [6.0, 12.0, 90.0, 300.0])
async def test_every_session_timeout_that_may_be_set_is_taken(seconds: float) -> None:
    app = faust_app.build("service", Brokers("nowhere:1"), seconds, 3.0)
    thread: Any = cast(Consumer, app.consumer)._new_consumer_thread()

    consumer: AIOKafkaConsumer = thread._create_consumer(asyncio.get_running_loop())
    await consumer.stop()
    assert consumer._session_timeout_ms == seconds * 1000
