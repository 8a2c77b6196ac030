"""The services as processes of this machine, each started again when it ends by itself."""

import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import httpx

from deploy.local import leftovers, ports
from deploy.local.ending import undisturbed
from deploy.local.errors import LocalServerError
from deploy.local.keys import Keys
from deploy.local.servers import Servers
from deploy.local.settings import SERVICES, settings
from engagement.playbook.reading import from_yaml
from simulator.cast import Deployment

READY_S = 60.0
RESTART_S = 0.5
"""A service that ended is started again after this long: a supervisor's shortest back-off."""


class ServiceDown(LocalServerError):
    """A service ended, or did not answer in time; its log says why."""

    def __init__(self, service: str, what: str, log: Path) -> None:
        lines = log.read_text(errors="replace").splitlines()[-8:]
        super().__init__(
            f"The {service} service {what}. The end of {log} says:\n" + "\n".join(lines)
        )


class Stack:
    """Starts, watches and stops the services; they work in `folder`, where their logs lie.

    `overrides` are settings given to all on top of their own. With `mail`, the sender's own
    settings, a sender is among them.
    """

    def __init__(
        self,
        folder: Path,
        servers: Servers,
        keys: Keys,
        overrides: Mapping[str, str] = MappingProxyType({}),
        mail: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.servers = servers
        self.keys = keys
        self._folder = folder
        self._overrides = overrides
        self._mail = mail
        self.services = (*SERVICES, *(["sender"] if mail else []))
        chosen = ports.choose(folder / "services", len(self.services))
        self._ports = dict(zip(self.services, chosen, strict=True))
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._stopping = threading.Event()
        self._restarter = threading.Thread(target=self._restart_what_ends, daemon=True)
        self.restarts: dict[str, int] = dict.fromkeys(self.services, 0)

    def url(self, service: str) -> str:
        """Where the service answers HTTP."""
        return f"http://{ports.LOOPBACK}:{self._ports[service]}"

    def deployment(self) -> Deployment:
        """What the people around it need to know."""
        return Deployment(
            self.servers.brokers,
            self.url("ingest"),
            self.url("prioritizer"),
            self.keys.source,
            self.keys.shopify,
            self.keys.reps,
        )

    def log(self, service: str) -> Path:
        """Everything that the service has said, over its restarts."""
        return self._folder / f"{service}.log"

    def pid(self, service: str) -> int:
        """The process that is the service now."""
        return self._processes[service].pid

    def start(self) -> None:
        """Starts all; they are alive when it returns, ready a little later.

        Services that a killed starter left in the folder are ended first.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        leftovers.end(leftovers.services(self._folder))
        for service in self.services:
            self._spawn(service)
        for service in self.services:
            self._await(service, "healthz")
        self._restarter.start()

    def await_ready(self) -> None:
        """Returns once every service says that it is ready; raises ServiceDown after a minute."""
        for service in self.services:
            self._await(service, "readyz")

    def publish(self, playbook: Path) -> None:
        """Brings the playbook into force; raises PlaybookError for one that is wrong."""
        content = from_yaml(playbook.read_text(encoding="utf-8"), str(playbook)).content
        headers = {
            "Authorization": f"Bearer {self.keys.operator}",
            "Content-Type": "application/json",
        }
        url = f"{self.url('ingest')}/v1/playbook"
        httpx.put(url, content=content.encode(), headers=headers, timeout=30).raise_for_status()

    def stop(self) -> None:
        """Lets all drain, and kills what has not ended after a while; may be repeated."""
        self._stopping.set()
        if self._restarter.is_alive():
            self._restarter.join()
        for process in self._processes.values():
            process.terminate()
        for process in self._processes.values():
            try:
                process.wait(leftovers.DRAIN_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def another(self, service: str) -> subprocess.Popen[bytes]:
        """One more worker of a service, on a free port; its caller ends it, and waits for it."""
        return self._process(service, ports.choose(self._folder / f"another-{service}", 1)[0])

    def _spawn(self, service: str) -> None:
        with undisturbed():
            self._processes[service] = self._process(service, self._ports[service])

    def _process(self, service: str, port: int) -> subprocess.Popen[bytes]:
        with self.log(service).open("ab") as log:
            return subprocess.Popen(  # noqa: S603 - built here, from no input
                [sys.executable, "-m", f"services.{service}"],
                cwd=self._folder,
                env=self._environment(service, port),
                start_new_session=True,  # Ctrl-C is for us alone: we let them drain
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def _environment(self, service: str, port: int) -> dict[str, str]:
        return {
            "LC_ALL": "C.UTF-8",
            "PYTHONUNBUFFERED": "1",
            **settings(service, self.servers, self.keys, port),
            **(self._mail if service == "sender" else {}),
            **self._overrides,
        }

    def _restart_what_ends(self) -> None:
        while not self._stopping.wait(RESTART_S):
            for service, process in list(self._processes.items()):
                if process.poll() is not None and not self._stopping.is_set():
                    self.restarts[service] += 1
                    self._spawn(service)

    def _await(self, service: str, route: str) -> None:
        deadline = time.monotonic() + READY_S
        while not _answers(f"{self.url(service)}/{route}"):
            if not self._restarter.is_alive() and self._processes[service].poll() is not None:
                raise ServiceDown(service, "ended by itself", self.log(service))
            if time.monotonic() > deadline:
                raise ServiceDown(
                    service, f"did not answer /{route} in {READY_S:.0f} s", self.log(service)
                )
            time.sleep(0.05)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False
