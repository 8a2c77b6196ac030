"""What tests do with a real broker and a real database, and leave nothing behind."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from kafka import KafkaAdminClient

from deploy.local import servers as local
from deploy.local.servers import Servers


@dataclass(frozen=True)
class OwnServers:
    """A broker and a database that one module of tests may break."""

    folder: Path
    servers: Servers

    def kill_broker(self) -> None:
        """kill -9."""
        local.kill_broker(self.folder)

    def start_broker(self) -> None:
        """Same port, same data."""
        local.start_broker(self.folder)

    def kill_database(self) -> None:
        """An immediate shutdown: what was not committed is gone."""
        local.kill_database(self.folder)

    def start_database(self) -> None:
        """Same port, same data."""
        local.start_database(self.folder)


@dataclass
class TopicMaker:
    """Makes topics of unique names on a shared broker, and deletes them."""

    bootstrap: str
    made: list[str] = field(default_factory=list)
    _client: Any = None

    def __call__(
        self, name: str = "topic", partitions: int = 1, config: Mapping[str, str] | None = None
    ) -> str:
        """The full name of a new, empty topic, ready for producers."""
        unique = self.reserve(name)
        wanted = {"num_partitions": partitions, "configs": dict(config or {})}
        self._admin().create_topics({unique: wanted}, wait_for_metadata=True)
        return unique

    def reserve(self, name: str = "topic") -> str:
        """A name for a topic that the test itself will make; deleted like the others."""
        unique = f"test.{name}.{uuid.uuid4().hex}"
        self.made.append(unique)
        return unique

    def delete_all(self) -> None:
        """Leave the broker as it was."""
        if self.made:
            self._admin().delete_topics(self.made, raise_errors=False)  # not all were made
        if self._client is not None:
            self._client.close()

    def _admin(self) -> Any:
        if self._client is None:
            self._client = KafkaAdminClient(bootstrap_servers=self.bootstrap.split(","))
        return self._client


def create_database(server_url: str, like: str | None = None) -> str:
    """The URL of a new database on the server: empty, or what the one at the URL `like` holds."""
    name = f"test_{uuid.uuid4().hex}"
    template = urlsplit(like).path.removeprefix("/") if like else "template1"
    with psycopg.connect(server_url, autocommit=True) as connection:
        # copied as files: to write each page to the log as well took thrice as long
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    return urlsplit(server_url)._replace(path=f"/{name}").geturl()


def drop_database(server_url: str, url: str) -> None:
    """Drop it, whoever is still connected."""
    name = urlsplit(url).path.removeprefix("/")
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
