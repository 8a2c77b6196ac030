"""Kafka's jars: fetched once by Maven coordinates, checked against the lock before every use."""

import errno
import fcntl
import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path

from jgo.maven import MavenContext, PythonResolver

from deploy.local.errors import DiskFull, HashMismatch, NoNetwork
from deploy.local.progress import Advance, Report

LOCK = Path(__file__).with_name("jars.lock")
CONNECTIONS = 6
TIMEOUT_S = 30
PAUSES_S = (1, 3, 10)
"""Before a download is tried again: a name server or a line that stumbled is there by then."""


@dataclass(frozen=True, slots=True)
class Jar:
    """One line of the lock: what it must hash to, its size in bytes, and its coordinate."""

    sha256: str
    size: int
    coordinate: str

    @property
    def file_name(self) -> str:
        """The name under which it lies in the jar folder: artifact and version."""
        _, artifact, version = self.coordinate.split(":")
        return f"{artifact}-{version}.jar"


def read_lock(lock: Path = LOCK) -> tuple[Jar, ...]:
    """The jars that a broker needs, in class path order."""
    lines = [line.split() for line in lock.read_text().splitlines()]
    return tuple(Jar(sha256, int(size), name) for sha256, size, name in lines)


def class_path(folder: Path, report: Report, jars: tuple[Jar, ...] | None = None) -> str:
    """Fetch what is missing, check every jar, and name them all for `java -cp`.

    Raises NoNetwork, HashMismatch or DiskFull; a jar that fails its check is never used.
    """
    locked = read_lock() if jars is None else jars
    folder.mkdir(parents=True, exist_ok=True)
    with _one_at_a_time(folder):
        missing = [jar for jar in locked if not (folder / jar.file_name).exists()]
        if missing:
            _fetch(missing, folder, report)
    for jar in locked:
        check(folder / jar.file_name, jar)
    return ":".join(str(folder / jar.file_name) for jar in locked)


def check(path: Path, jar: Jar) -> None:
    """Raise HashMismatch unless the file is the one that was locked."""
    with path.open("rb") as file:
        actual = file_digest(file, "sha256").hexdigest()
    if actual != jar.sha256:
        raise HashMismatch(path, jar.sha256, actual)


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    """Who comes while another process fetches waits for its jars, and asks for none twice."""
    lock = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _fetch(missing: list[Jar], folder: Path, report: Report) -> None:
    size, stop = sum(jar.size for jar in missing), threading.Event()
    with (
        report.download("Apache Kafka", size) as advance,
        tempfile.TemporaryDirectory(dir=folder, prefix=".incoming-") as scratch,
        _pool(stop) as pool,
    ):
        maven = _maven(Path(scratch), _until(stop, advance))
        for _ in pool.map(lambda jar: _fetch_one(maven, jar, folder, stop), missing):
            pass


@contextmanager
def _pool(stop: threading.Event) -> Iterator[ThreadPoolExecutor]:
    pool = ThreadPoolExecutor(CONNECTIONS)
    try:
        yield pool
    finally:
        stop.set()  # Ctrl-C and errors do not wait for the other jars
        pool.shutdown(cancel_futures=True)


def _until(stop: threading.Event, advance: Advance) -> Advance:
    """Tears off what is under way when the next piece of it comes."""

    def count(size: int) -> None:
        if stop.is_set():
            raise ConnectionAbortedError
        advance(size)

    return count


def _fetch_one(maven: MavenContext, jar: Jar, folder: Path, stop: threading.Event) -> None:
    arrived = _tried(maven, jar, folder, stop)
    check(arrived, jar)
    shutil.move(arrived, folder / jar.file_name)  # complete and checked, or not there at all


def _tried(maven: MavenContext, jar: Jar, folder: Path, stop: threading.Event) -> Path:
    for pause in PAUSES_S:
        try:
            return _download(maven, jar, folder)
        except NoNetwork:
            if stop.wait(pause):
                raise
    return _download(maven, jar, folder)


def _download(maven: MavenContext, jar: Jar, folder: Path) -> Path:
    artifact = maven.create_dependency(jar.coordinate).artifact
    if half := artifact.cached_path:  # jgo takes what a torn download left for the whole
        half.unlink(missing_ok=True)
    try:
        arrived = artifact.resolve()
    except RuntimeError:
        raise NoNetwork(jar.coordinate, "the repository did not deliver it") from None
    except OSError as error:  # the HTTP client's errors are OSErrors too
        if error.errno == errno.ENOSPC:
            raise DiskFull(folder) from error
        raise NoNetwork(jar.coordinate, type(error).__name__) from error
    if (size := arrived.stat().st_size) < jar.size:
        raise NoNetwork(jar.coordinate, f"it broke off after {size} of {jar.size} bytes")
    return arrived


def _maven(scratch: Path, advance: Advance) -> MavenContext:
    @contextmanager
    def follow(_name: str, _size: int) -> Iterator[Callable[[int], None]]:
        yield advance

    resolver = PythonResolver(progress_callback=follow)
    return MavenContext(resolver=resolver, repo_cache=scratch, timeout=TIMEOUT_S)
