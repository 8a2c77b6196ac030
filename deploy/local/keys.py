"""The keys of a local deployment: drawn once, kept in its folder, readable by its owner alone."""

import base64
import hashlib
import json
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Keys:
    """Every secret that the four services and their users need."""

    vault: str
    lead_id: str
    source: str
    operator: str
    shopify: str
    crm: str
    reps: dict[str, str]


REPS = ("ana", "ben", "chiara")
SOURCE = "web-form"
OPERATOR = "local-operator"
CRM = "simulated-crm"
TEAM = "inbound"


def keys(folder: Path) -> Keys:
    """The deployment's keys, drawn if it has none yet."""
    file = folder / "keys.json"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(json.dumps(asdict(_drawn()), indent=2))
    return Keys(**json.loads(file.read_text()))


def _drawn() -> Keys:
    return Keys(
        vault=base64.b64encode(secrets.token_bytes(32)).decode(),
        lead_id=secrets.token_urlsafe(32),
        source=secrets.token_urlsafe(24),
        operator=secrets.token_urlsafe(24),
        shopify=secrets.token_hex(32),
        crm=secrets.token_urlsafe(24),
        reps={rep: secrets.token_urlsafe(24) for rep in REPS},
    )


def digest(key: str) -> str:
    """What a service is told of a key: its SHA-256, as hex."""
    return hashlib.sha256(key.encode()).hexdigest()
