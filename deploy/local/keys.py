"""The keys of a local deployment: drawn once, kept in its folder, readable by its owner alone."""

import base64
import hashlib
import json
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from deploy.local.disk import told


@dataclass(frozen=True, slots=True)
class Keys:
    """Every secret that the services and their users need."""

    vault: str
    lead_id: str
    source: str
    operator: str
    shopify: str
    crm: str
    unsubscribe: str
    reps: dict[str, str]


REPS = ("ana", "ben", "chiara")
SOURCE = "web-form"
OPERATOR = "local-operator"
CRM = "simulated-crm"
TEAM = "inbound"


def keys(folder: Path) -> Keys:
    """The deployment's keys; what it has none of yet is drawn."""
    file = folder / "keys.json"
    with told(folder):
        known = json.loads(file.read_text()) if file.exists() else {}
        complete = asdict(_drawn()) | known
        if complete != known:
            _keep(file, complete)
    return Keys(**complete)


def _keep(file: Path, content: object) -> None:
    """A crash leaves the old file or the new one: a lost vault key is every person lost."""
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_name("keys.new")
    new.unlink(missing_ok=True)
    new.touch(mode=0o600)
    new.write_text(json.dumps(content, indent=2))
    new.replace(file)


def _drawn() -> Keys:
    return Keys(
        vault=base64.b64encode(secrets.token_bytes(32)).decode(),
        lead_id=secrets.token_urlsafe(32),
        source=secrets.token_urlsafe(24),
        operator=secrets.token_urlsafe(24),
        shopify=secrets.token_hex(32),
        crm=secrets.token_urlsafe(24),
        unsubscribe=secrets.token_urlsafe(32),
        reps={rep: secrets.token_urlsafe(24) for rep in REPS},
    )


def digest(key: str) -> str:
    """What a service is told of a key: its SHA-256, as hex."""
    return hashlib.sha256(key.encode()).hexdigest()
