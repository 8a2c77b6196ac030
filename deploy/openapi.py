"""Writes what each service says of its HTTP door, as OpenAPI 3.1, to docs/openapi.

python -m deploy.openapi             write them
python -m deploy.openapi --check     write nothing; fail if what is committed is stale
"""

import argparse
import base64
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from deploy.local.keys import digest
from schemas import committed
from services.handoff import service as handoff
from services.handoff.settings import Settings as HandoffSettings
from services.ingest import service as ingest
from services.ingest.settings import Settings as IngestSettings
from services.prioritizer import service as prioritizer
from services.prioritizer.settings import Settings as PrioritizerSettings
from services.runtime.doors.http import api
from services.runtime.process.service import Service
from services.sender import service as sender
from services.sender.settings import Settings as SenderSettings

ROOT = Path(__file__).parent.parent
FOLDER = Path("docs/openapi")
_KEY = digest("nobody's")
_ALL = {
    "TOUCHLINE_KAFKA_BOOTSTRAP": "nowhere:1",
    "TOUCHLINE_DATABASE_URL": "postgresql://nowhere",
    "TOUCHLINE_HTTP_PORT": "0",
    "TOUCHLINE_VAULT_KEY": base64.b64encode(bytes(32)).decode(),
}
_MAIL = {
    "TOUCHLINE_TEMPLATES": str(ROOT / "playbooks/templates"),
    "TOUCHLINE_MAIL_FROM": "sales@example.com",
    "TOUCHLINE_UNSUBSCRIBE_URL": "https://mail.example.com",
    "TOUCHLINE_UNSUBSCRIBE_SECRET": "x" * 16,
    "TOUCHLINE_SMTP_HOST": "nowhere",
    "TOUCHLINE_BOUNCE_KEYS": json.dumps({"mailbox": _KEY}),
}
"""Settings that open every route; nothing is connected to, and no secret is in a description."""


def outputs() -> Mapping[Path, str]:
    """Every description, by its path in the checkout."""
    return {FOLDER / f"{one.name}.json": _text(one) for one in _services()}


def stale(root: Path) -> list[Path]:
    """What is missing, differs, or is left over from a service that is gone."""
    return committed.stale(root, FOLDER, outputs())


def write(root: Path) -> None:
    """Brings everything up to date, and takes away what is left over."""
    committed.write(root, FOLDER, outputs())


def main(arguments: Sequence[str], root: Path = ROOT) -> int:
    """The exit code: 0, or 1 with a line on stderr for each file that is stale."""
    parser = argparse.ArgumentParser(prog="python -m deploy.openapi", description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail if a committed file is stale")
    if not parser.parse_args(arguments).check:
        write(root)
        return 0
    wrong = stale(root)
    sys.stderr.writelines(f"{path} is stale; run python -m deploy.openapi\n" for path in wrong)
    return 1 if wrong else 0


def _services() -> Sequence[Service]:
    people = {"key_sha256": _KEY, "team": "sales"}
    return (
        ingest.build(IngestSettings.from_env(_ALL | {"TOUCHLINE_LEAD_ID_SECRET": "x" * 16})),
        prioritizer.build(
            PrioritizerSettings.from_env(_ALL | {"TOUCHLINE_REPS": json.dumps({"ana": people})})
        ),
        handoff.build(
            HandoffSettings.from_env(_ALL | {"TOUCHLINE_CRM_KEYS": json.dumps({"crm": _KEY})})
        ),
        sender.build(SenderSettings.from_env(_ALL | _MAIL)),
    )


def _text(service: Service) -> str:
    return json.dumps(api(service.name, service.routers).openapi(), indent=2) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
