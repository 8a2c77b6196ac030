"""What can befall a deployment: crashes, lost and frozen workers, dead servers."""

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import psycopg

from deploy.local.settings import SERVICES
from deploy.local.stack import Stack
from tests.real_servers import OwnServers

SESSION_S = 6
PATIENCE_S = 60
"""For a worker that was asked to end, or killed: one that hangs fails the test, and ends it."""
FOLDS = ("cadence", "prioritizer", "handoff")


@dataclass
class Nemesis:
    """Does harm in an order that its seed decides, and writes down what it did."""

    stack: Stack
    own: OwnServers
    chance: random.Random
    done: list[str] = field(default_factory=list)

    def rage(self) -> None:
        """Every kind of harm once, each after things went on for a while."""
        kinds: list[Callable[[], None]] = [
            self.crash_each_service,
            self.let_a_worker_join_and_leave,
            self.freeze_in_a_transaction,
            self.crash_the_broker,
            self.crash_the_database,
        ]
        self.chance.shuffle(kinds)
        for harm in kinds:
            self._pause(1, 2)
            harm()
            self.stack.await_ready()

    def crash_each_service(self) -> None:
        """kill -9 of all four in turn; the stack starts each again."""
        for service in self.chance.sample(SERVICES, len(SERVICES)):
            os.kill(self.stack.pid(service), signal.SIGKILL)
            self._note(f"killed {service}")
            self._pause(1, 2)

    def let_a_worker_join_and_leave(self) -> None:
        """A second worker takes over half of the partitions, and is killed while it works."""
        service = self.chance.choice(FOLDS)
        worker = self.stack.another(service)
        self._note(f"a second {service} worker joined")
        self._pause(5, 6)
        worker.kill()
        _await_end(worker)
        self._note(f"the second {service} worker was killed")

    def freeze_in_a_transaction(self) -> None:
        """A worker sleeps inside a transaction for longer than its session, then wakes up."""
        worker = self.stack.another("cadence")
        pid = self.stack.pid("cadence")
        frozen = self._frozen_in_a_transaction(pid)
        self._note(f"froze cadence {'inside' if frozen else 'outside'} a transaction")
        time.sleep(SESSION_S + 4)
        os.kill(pid, signal.SIGCONT)
        self._note("woke it")
        self._pause(2, 3)
        worker.terminate()
        _await_end(worker)

    def crash_the_broker(self) -> None:
        """Its process dies, and comes back with its data."""
        self.own.kill_broker()
        self._note("killed the broker")
        self._pause(2, 3)
        self.own.start_broker()

    def crash_the_database(self) -> None:
        """PostgreSQL stops at once, and comes back by its log."""
        self.own.kill_database()
        self._note("killed the database")
        self._pause(1, 2)
        self.own.start_database()

    def _frozen_in_a_transaction(self, pid: int) -> bool:
        """Stops the process; again until it holds a transaction open, for ten seconds at most."""
        deadline = time.monotonic() + 10
        with psycopg.connect(self.own.servers.database_url, autocommit=True) as conn:
            while True:
                os.kill(pid, signal.SIGSTOP)
                if _holds_a_transaction(conn) or time.monotonic() > deadline:
                    return _holds_a_transaction(conn)
                os.kill(pid, signal.SIGCONT)
                time.sleep(0.002)

    def _note(self, what: str) -> None:
        self.done.append(what)

    def _pause(self, least: float, most: float) -> None:
        time.sleep(self.chance.uniform(least, most))


def _await_end(worker: subprocess.Popen[bytes]) -> None:
    try:
        worker.wait(PATIENCE_S)
    finally:
        worker.kill()  # the stack does not know it: one that hangs would be left behind


def _holds_a_transaction(conn: psycopg.Connection) -> bool:
    row = conn.execute(
        "select count(*) from pg_locks l join pg_class c on c.oid = l.relation"
        " join pg_namespace n on n.oid = c.relnamespace"
        " where n.nspname = 'cadence' and c.relname = 'position' and l.mode = 'RowShareLock'"
    ).fetchone()
    return row is not None and row[0] > 0
