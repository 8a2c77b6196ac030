"""Nothing is used that the lock does not name, byte for byte."""

import errno
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from jgo.maven import MavenContext

from deploy.local import jars
from deploy.local.errors import DiskFull, HashMismatch, NoNetwork
from deploy.local.jars import Jar, class_path
from deploy.local.progress import Silence

CONTENT = b"a jar"
JAR = Jar(sha256(CONTENT).hexdigest(), len(CONTENT), "org.example:thing:1.0")


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three tries at once."""
    monkeypatch.setattr(jars, "PAUSES_S", (0, 0))


@pytest.fixture
def cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every request goes to a port where nobody listens."""
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "")


def test_the_lock_names_a_broker_and_its_logger_and_no_address() -> None:
    coordinates = [jar.coordinate for jar in jars.read_lock()]

    assert "org.apache.kafka:kafka_2.13:4.3.1" in coordinates
    assert any(re.match(r"org\.slf4j:slf4j-simple:1\.7\.", name) for name in coordinates)
    assert "://" not in jars.LOCK.read_text()


def test_the_lock_names_every_file_once() -> None:
    names = [jar.file_name for jar in jars.read_lock()]

    assert len(names) == len(set(names)) > 40


def test_checked_jars_make_the_class_path_without_a_network(tmp_path: Path) -> None:
    (tmp_path / "thing-1.0.jar").write_bytes(CONTENT)

    assert class_path(tmp_path, Silence(), (JAR,)) == str(tmp_path / "thing-1.0.jar")


def test_a_jar_that_was_altered_is_refused_and_named(tmp_path: Path) -> None:
    (tmp_path / "thing-1.0.jar").write_bytes(b"another jar")

    with pytest.raises(HashMismatch, match=r"thing-1\.0\.jar has sha256 .* Delete it"):
        class_path(tmp_path, Silence(), (JAR,))


@pytest.mark.usefixtures("cut_off")
def test_without_a_network_the_first_set_up_says_so_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(NoNetwork, match="first set-up needs a network"):
        class_path(tmp_path, Silence(), (JAR,))

    assert not list(tmp_path.iterdir())


def test_a_download_of_other_bytes_is_refused_and_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrived = tmp_path / "arrived"
    arrived.write_bytes(b"another jar")
    monkeypatch.setattr(jars, "_download", lambda *_: arrived)

    with pytest.raises(HashMismatch):
        class_path(tmp_path / "jars", Silence(), (JAR,))

    assert not list((tmp_path / "jars").iterdir())


def test_a_full_disk_is_told_from_a_missing_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(_: object) -> Path:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("jgo.maven.Artifact.resolve", no_room)

    with pytest.raises(DiskFull, match="Free some"):
        class_path(tmp_path, Silence(), (JAR,))


def test_downloads_under_way_do_not_hold_up_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow, begun = Jar(JAR.sha256, JAR.size, "org.example:slow:1.0"), Event()

    def download(maven: MavenContext, jar: Jar, _: Path) -> Path:
        if jar is JAR:
            begun.wait()
            raise NoNetwork(jar.coordinate, "it was cut")
        resolver: Any = maven.resolver
        with resolver.progress_callback("slow", 10**9) as advance:
            while True:  # a line so slow that it never ends by itself
                begun.set()
                advance(1)

    monkeypatch.setattr(jars, "_download", download)

    with pytest.raises(NoNetwork, match="it was cut"):
        class_path(tmp_path, Silence(), (JAR, slow))


def test_a_download_that_failed_once_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[Jar] = []

    def download(_: MavenContext, jar: Jar, folder: Path) -> Path:
        tries.append(jar)
        if len(tries) == 1:
            raise NoNetwork(jar.coordinate, "the name server stumbled")
        (arrived := folder / "arrived").write_bytes(CONTENT)
        return arrived

    monkeypatch.setattr(jars, "_download", download)

    assert class_path(tmp_path, Silence(), (JAR,)) == str(tmp_path / "thing-1.0.jar")
    assert tries == [JAR, JAR]


class Repository(ThreadingHTTPServer):
    """Answers with the jar; says so, but breaks off in its middle, as often as `torn` says."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Delivery)
        self.torn = 0
        self.tells_size = True
        self.asked = 0


class _Delivery(BaseHTTPRequestHandler):
    server: Repository

    def do_GET(self) -> None:
        if not self.path.endswith(".jar"):
            self.send_error(404)
            return
        self.server.asked += 1
        self.send_response(200)
        if self.server.tells_size:
            self.send_header("Content-Length", str(len(CONTENT)))
        self.end_headers()
        self.wfile.write(CONTENT[:2] if self.server.asked <= self.server.torn else CONTENT)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def repository(monkeypatch: pytest.MonkeyPatch) -> Iterator[Repository]:
    """The one that downloads come from."""
    with Repository() as server:
        address = f"http://127.0.0.1:{server.server_port}"
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        monkeypatch.setattr("jgo.maven._core.DEFAULT_REMOTE_REPOS", {"here": address})
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("tells_size", [True, False])
def test_a_download_that_broke_off_begins_anew(
    tmp_path: Path, repository: Repository, tells_size: bool
) -> None:
    repository.torn, repository.tells_size = 2, tells_size

    class_path(tmp_path, Silence(), (JAR,))

    assert repository.asked == 3
    assert (tmp_path / "thing-1.0.jar").read_bytes() == CONTENT


@pytest.mark.parametrize("tells_size", [True, False])
def test_a_line_that_always_breaks_is_told_and_nothing_is_kept(
    tmp_path: Path, repository: Repository, tells_size: bool
) -> None:
    repository.torn, repository.tells_size = 99, tells_size

    with pytest.raises(NoNetwork, match=r"could not be downloaded: (it broke off|Chunked)"):
        class_path(tmp_path, Silence(), (JAR,))

    assert not list(tmp_path.iterdir())


def test_several_at_once_fetch_a_jar_once(tmp_path: Path, repository: Repository) -> None:
    with ThreadPoolExecutor(4) as processes:
        list(processes.map(lambda _: class_path(tmp_path, Silence(), (JAR,)), range(4)))

    assert repository.asked == 1
