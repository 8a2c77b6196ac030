"""Broker or database go away and come back: the relay outlives it, and loses nothing."""

import asyncio
from collections.abc import Callable
from random import Random

from kafka import KafkaAdminClient

from services.runtime.relay import Relay
from tests.integration.delivery import outboxes
from tests.integration.delivery.conftest import schema_name
from tests.integration.delivery.toy import Counted, Ticked, topic
from tests.integration.delivery.world import World
from tests.real_servers import OwnServers


async def test_the_relay_outlives_outages(own_servers: Callable[[], OwnServers]) -> None:
    own = own_servers()
    bootstrap = own.servers.kafka_bootstrap
    world = World(
        schema_name(),
        bootstrap,
        own.servers.database_url,
        topic("ticks", Ticked, 1),
        topic("counts", Counted, 1),
        Random(0),
    )
    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    admin.create_topics({"counts": {"num_partitions": 1}}, wait_for_metadata=True)
    admin.close()
    await world.create()
    running = Relay(world.schema, bootstrap, world.database_url)
    await running.start()
    await outboxes.add(world, 1, 20)
    await outboxes.published(world)

    await asyncio.to_thread(own.kill_broker)
    await outboxes.add(world, 21, 20)
    await asyncio.to_thread(own.start_broker)
    await outboxes.published(world)

    await asyncio.to_thread(own.kill_database)
    await asyncio.to_thread(own.start_database)
    await outboxes.add(world, 41, 20)
    await outboxes.published(world)
    await running.drain()

    assert await outboxes.told(world) == list(range(1, 61))
