"""The tiny service as a process: started, asked, stopped, and read to its last line."""

import json
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

PATIENCE_SECONDS = 60.0


@dataclass
class TinyProcess:
    """A running process; its log lines are read as they come."""

    process: subprocess.Popen[str]
    lines: list[dict[str, Any]] = field(default_factory=list)
    _new: queue.Queue[dict[str, Any] | None] = field(default_factory=queue.Queue)

    @classmethod
    def start(cls, env: Mapping[str, str]) -> "TinyProcess":
        """Start it with nothing but `env`."""
        command = [sys.executable, "-m", "tests.integration.runtime.tiny_service"]
        pipe = subprocess.PIPE
        process = subprocess.Popen(command, env=env, stdout=pipe, stderr=pipe, text=True)
        tiny = cls(process)
        threading.Thread(target=tiny._read, daemon=True).start()
        return tiny

    def await_line(self, event: str, **fields: object) -> dict[str, Any]:
        """The next log line with this event and these fields."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while line := self._new.get(timeout=max(0, deadline - time.monotonic())):
            if line["event"] == event and fields.items() <= line.items():
                return line
        raise AssertionError(f"the process ended before it said {event!r}: {self.lines}")

    def client(self) -> httpx.Client:
        """A client of its door, once that is open."""
        port = self.await_line("listening")["port"]
        return httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20)

    def end(self) -> tuple[int, dict[str, Any], str]:
        """Its exit code, its last log line and its stderr, once it has ended."""
        code = self.process.wait(PATIENCE_SECONDS)
        while self._new.get(timeout=PATIENCE_SECONDS) is not None:
            pass
        assert self.process.stderr
        return code, self.lines[-1], self.process.stderr.read()

    def dispose(self) -> None:
        """Leave nothing behind."""
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdout, self.process.stderr):
            if stream:
                stream.close()

    def _read(self) -> None:
        assert self.process.stdout
        try:
            for text in self.process.stdout:
                line = json.loads(text)
                self.lines.append(line)
                self._new.put(line)
        except ValueError:
            pass  # disposed of while it was read
        finally:
            self._new.put(None)


def eventually(ask: Callable[[], object]) -> None:
    """Return once `ask` gives something true."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not ask():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.05)
