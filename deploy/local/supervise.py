"""A deployment that outlives the command that started it: `python -m deploy.local.supervise`."""

import json
import os
import signal
import sys
import threading
from pathlib import Path

from deploy.local.deployment import deployed
from deploy.local.settings import SERVICES
from deploy.local.stack import Stack

STATE = "deployment.json"
PLAYBOOK = Path("playbooks/seed-9-in-18.yaml")


def main(folder: Path) -> None:
    """Runs the deployment of `folder` until SIGTERM; says where it is once it is ready.

    A folder's first start publishes the seed's playbook; later ones leave in force what is.
    """
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, lambda *_: stop.set())
    state = folder / STATE
    with deployed(folder, os.environ) as stack:
        _publish_once(stack, folder / "playbook-published")
        stack.await_ready()
        urls = {service: stack.url(service) for service in SERVICES}
        kafka = stack.servers.kafka_bootstrap
        known = {"pid": os.getpid(), "urls": urls, "kafka_bootstrap": kafka}
        state.write_text(json.dumps(known))
        stop.wait()
    state.unlink(missing_ok=True)


def _publish_once(stack: Stack, done: Path) -> None:
    if not done.exists():
        stack.publish(PLAYBOOK)
        done.touch()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
