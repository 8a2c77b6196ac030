"""A deployment that outlives the command that started it: `python -m deploy.local.supervise`."""

import json
import os
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil

import playbooks
from deploy.local.deployment import deployed, refuse_dead
from deploy.local.ending import end_cleanly
from deploy.local.errors import LocalServerError
from deploy.local.progress import on_stderr
from deploy.local.stack import Stack
from services.runtime.process.environment import SettingsRefused

STATE = "deployment.json"
WATCH_S = 1.0


def main(folder: Path) -> None:
    """Runs the deployment of `folder` until SIGTERM; says where it is once it is ready.

    A folder's first start publishes the seed's playbook; later ones leave in force what is.
    Raises ServerDied when an embedded server ends by itself.
    """
    end_cleanly()
    with (
        suppress(KeyboardInterrupt),
        deployed(folder, os.environ, on_stderr(), sends_mail=True) as stack,
    ):
        _publish_once(stack, folder / "playbook-published")
        stack.await_ready()
        try:
            _tell(stack, folder / STATE)
            while True:
                time.sleep(WATCH_S)
                refuse_dead(folder, os.environ)
        finally:
            (folder / STATE).unlink(missing_ok=True)


def _tell(stack: Stack, state: Path) -> None:
    urls = {service: stack.url(service) for service in stack.services}
    kafka = stack.servers.kafka_bootstrap
    started = psutil.Process().create_time()
    known = {"pid": os.getpid(), "started": started, "urls": urls, "kafka_bootstrap": kafka}
    new = state.with_suffix(".new")
    new.write_text(json.dumps(known))
    new.replace(state)


def _publish_once(stack: Stack, done: Path) -> None:
    if not done.exists():
        stack.publish(playbooks.SEED)
        done.touch()


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]))
    except (LocalServerError, SettingsRefused) as error:
        sys.exit(f"touchline: {error}")
