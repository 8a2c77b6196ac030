"""A broker with the tiny service's topics, and the service itself."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from kafka import KafkaProducer

from deploy.local.servers import Servers
from schemas.topics import QUARANTINE
from services.runtime.kafka import topics
from tests.integration.runtime.process import TinyProcess
from tests.integration.runtime.tiny_service import IN, OUT
from tests.real_servers import OwnServers, create_database, drop_database

Start = Callable[..., TinyProcess]


@dataclass
class World:
    """Servers of this module's own."""

    own: OwnServers

    @property
    def servers(self) -> Servers:
        """Their addresses."""
        return self.own.servers


@pytest.fixture(scope="session")
def template() -> str | None:
    """Databases begin empty: it is seen how tables are made."""
    return None


@pytest.fixture(scope="module")
def world(own_servers: Callable[[], OwnServers]) -> World:
    """A broker that has the topics, and a database server."""
    own = own_servers()
    topics.apply(own.servers.brokers, (IN, OUT, QUARANTINE))
    return World(own)


@pytest.fixture
def start(world: World) -> Iterator[Start]:
    """Called, it starts the service on a database of this test's own; settings may be added."""
    url = create_database(world.servers.database_url)
    started: list[TinyProcess] = []

    def one(**settings: str) -> TinyProcess:
        env = {
            "TOUCHLINE_DATABASE_URL": url,
            "TOUCHLINE_KAFKA_BOOTSTRAP": world.servers.kafka_bootstrap,
            "TOUCHLINE_HTTP_PORT": "0",
            "TOUCHLINE_SESSION_TIMEOUT_SECONDS": "11",
        }
        given = {f"TOUCHLINE_{name.upper()}": value for name, value in settings.items()}
        started.append(TinyProcess.start(env | given))
        return started[-1]

    yield one
    for tiny in started:
        tiny.dispose()
    drop_database(world.servers.database_url, url)


@pytest.fixture
def producer(world: World) -> Iterator[KafkaProducer]:
    """Writes to the tiny service's topics."""
    producer = KafkaProducer(bootstrap_servers=world.servers.kafka_bootstrap.split(","))
    yield producer
    producer.close()
