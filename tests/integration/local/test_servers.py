"""The embedded servers through starts, stops, crashes and neighbours."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import psycopg
import pytest
from kafka import KafkaAdminClient

from deploy.local import jars, servers
from deploy.local.errors import (
    FolderTaken,
    HashMismatch,
    NotRunning,
    PortTaken,
    ServerDied,
)
from deploy.local.servers import Servers
from tests.command_home import eventually
from tests.conftest import FOLDER, JARS
from tests.real_servers import OwnServers


@pytest.fixture(scope="module")
def own(own_servers: Callable[[], OwnServers]) -> OwnServers:
    return own_servers()


@pytest.fixture
def unplugged(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = socket.socket.connect

    def refuse_beyond_loopback(sock: socket.socket, address: tuple[str, int]) -> None:
        assert address[0] == "127.0.0.1", f"reached out to {address}"
        connect(sock, address)

    monkeypatch.setattr(socket.socket, "connect", refuse_beyond_loopback)


def up(own: OwnServers) -> Servers:
    return servers.up(own.folder, jar_cache=JARS)


def pids(own: OwnServers) -> list[int]:
    return [pid for pid in servers.status(own.folder).pids.values() if pid]


def topic_names(running: Servers) -> list[str]:
    admin = KafkaAdminClient(bootstrap_servers=running.kafka_bootstrap)
    names: list[str] = admin.list_topics()
    admin.close()
    return names


def remember(running: Servers, word: str) -> None:
    admin = KafkaAdminClient(bootstrap_servers=running.kafka_bootstrap)
    admin.create_topics({word: {"num_partitions": 1}}, wait_for_metadata=True)
    admin.close()
    with psycopg.connect(running.database_url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS words (word text)")
        connection.execute("INSERT INTO words VALUES (%s)", [word])


def remembers(running: Servers, word: str) -> bool:
    with psycopg.connect(running.database_url) as connection:
        rows = connection.execute("SELECT FROM words WHERE word = %s", [word])
        return rows.rowcount == 1 and word in topic_names(running)


def test_up_on_running_servers_changes_nothing(own: OwnServers) -> None:
    before = up(own), pids(own)

    assert (up(own), pids(own)) == before


def test_a_folder_may_have_any_name(pytestconfig: pytest.Config) -> None:
    folder = pytestconfig.stash[FOLDER] / r'größe "日本" \n'
    jar_cache = folder / "jars"
    jar_cache.mkdir(parents=True)
    for jar in jars.read_lock():
        (jar_cache / jar.file_name).symlink_to((JARS / jar.file_name).resolve())
    try:
        remember(servers.up(folder, jar_cache=jar_cache), "anywhere")
        servers.down(folder)
        assert remembers(servers.up(folder, jar_cache=jar_cache), "anywhere")
    finally:
        servers.down(folder)
        shutil.rmtree(folder)


def test_a_broker_takes_its_classes_as_the_first_one_kept_them(own: OwnServers) -> None:
    up(own)
    kept = [path.resolve() for path in JARS.glob("classes-*.aot")]
    pid = servers.status(own.folder).pids["kafka"]

    assert pid
    mapped = {Path(one.path) for one in psutil.Process(pid).memory_maps()}
    assert mapped & {*kept}


@pytest.mark.usefixtures("unplugged")
def test_a_later_start_needs_no_network_and_finds_its_data_at_the_same_address(
    own: OwnServers,
) -> None:
    before = up(own)
    remember(before, "stopped")
    servers.down(own.folder)
    assert not pids(own)

    assert up(own) == before
    assert remembers(before, "stopped")


def test_a_start_after_kill_9_of_both_recovers(own: OwnServers) -> None:
    before = up(own)
    remember(before, "killed")
    own.kill_broker()
    own.kill_database()
    assert not servers.status(own.folder).running

    assert up(own) == before
    assert remembers(before, "killed")


def test_a_lost_state_file_is_no_loss(own: OwnServers) -> None:
    before = up(own)
    remember(before, "lost")
    (own.folder / "state.json").write_text("{ half a li")

    assert remembers(up(own), "lost")


def test_a_pid_file_that_names_a_stranger_harms_nobody(own: OwnServers) -> None:
    servers.down(own.folder)
    (own.folder / "kafka" / "pid").write_text(str(os.getpid()))

    assert servers.status(own.folder).pids["kafka"] is None
    servers.down(own.folder)  # and this process is still here to see it


@pytest.mark.parametrize("server", ["kafka", "postgres"])
def test_data_in_use_by_an_unknown_instance_is_refused_by_name(
    own: OwnServers, server: str
) -> None:
    up(own)
    pid_file = own.folder / server / "pid"
    pid = pid_file.read_text()
    pid_file.unlink()

    with pytest.raises(FolderTaken, match=f"process {pid.strip()}"):
        up(own)

    pid_file.write_text(pid)
    assert int(pid) in pids(own)  # it was left alone


def test_a_taken_port_is_told_and_up_moves_to_another(own: OwnServers) -> None:
    before = up(own)
    own.kill_broker()
    port = int(before.kafka_bootstrap.rpartition(":")[2])

    with socket.create_server(("127.0.0.1", port)):
        with pytest.raises(PortTaken, match=str(port)):
            own.start_broker()
        assert up(own).kafka_bootstrap != before.kafka_bootstrap


def test_a_broker_that_dies_shows_the_end_of_its_log_and_takes_the_database_along(
    own: OwnServers,
) -> None:
    up(own)
    servers.down(own.folder)
    properties = own.folder / "kafka" / "data" / "meta.properties"
    sound = properties.read_text()
    properties.write_text(sound.replace("node.id=1", "node.id=7"))

    with pytest.raises(ServerDied, match=r"(?s)meta\.properties|node\.id"):
        up(own)

    properties.write_text(sound)
    assert not pids(own)


def test_down_where_nothing_runs_or_ever_ran_is_harmless(own: OwnServers, tmp_path: Path) -> None:
    servers.down(own.folder)
    servers.down(own.folder)
    servers.down(tmp_path / "never")

    assert not (tmp_path / "never").exists()


def test_a_broker_that_never_started_cannot_be_killed(tmp_path: Path) -> None:
    with pytest.raises(NotRunning, match="touchline local up"):
        servers.kill_broker(tmp_path)


def test_what_ran_before_a_failed_start_goes_on(own: OwnServers, tmp_path: Path) -> None:
    up(own)
    own.kill_broker()
    database = servers.status(own.folder).pids["postgres"]
    altered, *sound = [jar.file_name for jar in jars.read_lock()]
    (tmp_path / altered).write_bytes(b"another jar")
    for jar in sound:
        (tmp_path / jar).symlink_to((JARS / jar).resolve())

    with pytest.raises(HashMismatch):
        servers.up(own.folder, jar_cache=tmp_path)

    assert servers.status(own.folder).pids == {"kafka": None, "postgres": database}


def test_servers_that_run_need_no_jars(own: OwnServers, tmp_path: Path) -> None:
    before = up(own)

    assert servers.up(own.folder, jar_cache=tmp_path / "none") == before


def test_who_reads_a_servers_files_is_no_server(own: OwnServers) -> None:
    before = up(own)
    servers.down(own.folder)
    files = [own.folder / "postgres/data/PG_VERSION", own.folder / "kafka/data/meta.properties"]

    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(99)", *files]) as reader:
        assert up(own) == before
        reader.kill()


def test_a_server_that_died_is_told_with_the_end_of_its_log(own: OwnServers) -> None:
    up(own)
    pid = servers.status(own.folder).pids["kafka"]
    assert pid
    os.kill(pid, signal.SIGKILL)
    assert eventually(lambda: not servers.status(own.folder).pids["kafka"])

    log, _ = servers.status(own.folder).died["kafka"]
    with pytest.raises(ServerDied, match=f"kafka ended by itself. The end of {log}"):
        servers.refuse_dead(own.folder)
    servers.down(own.folder)

    assert not servers.status(own.folder).died  # it was asked to
