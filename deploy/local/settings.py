"""What each local service is told: servers, port, and only the keys that it needs."""

import json
from collections.abc import Mapping
from pathlib import Path

import playbooks
from deploy.local.keys import CRM, OPERATOR, SOURCE, TEAM, Keys, digest
from deploy.local.servers import Servers
from services.runtime.process.environment import FROM_FILE, PREFIX, variables
from services.runtime.process.settings import RuntimeSettings
from services.sender.settings import Settings as SenderSettings

SERVICES = ("ingest", "cadence", "prioritizer", "handoff")


def settings(service: str, servers: Servers, keys: Keys, port: int) -> dict[str, str]:
    """The service's `TOUCHLINE_` environment."""
    return {
        "TOUCHLINE_KAFKA_BOOTSTRAP": servers.kafka_bootstrap,
        "TOUCHLINE_DATABASE_URL": servers.database_url,
        "TOUCHLINE_HTTP_PORT": str(port),
        **servers.kafka,
        **_own(service, keys),
    }


def mail(env: Mapping[str, str], keys: Keys) -> dict[str, str]:
    """The sender's own settings, as the user's environment gives them; none if it gives none.

    The shipped templates and a drawn secret stand in for those that are not given. A misspelt
    setting is passed on, so that the sender refuses it.
    """
    given = {name: _anywhere(name, value) for name, value in env.items() if _is_of_sender(name)}
    if not given:
        return {}
    drawn = {
        f"{PREFIX}TEMPLATES": str(playbooks.TEMPLATES),
        f"{PREFIX}UNSUBSCRIBE_SECRET": keys.unsubscribe,
    }
    needed = {name: value for name, value in drawn.items() if name + FROM_FILE not in given}
    return needed | given


def _is_of_sender(name: str) -> bool:
    own = {*variables(SenderSettings)} - {*variables(RuntimeSettings), f"{PREFIX}VAULT_KEY"}
    return name.removesuffix(FROM_FILE) in own or name.startswith(f"{PREFIX}SMTP_")


def _anywhere(name: str, value: str) -> str:
    """A path means the same in whatever folder the service works."""
    is_path = name == f"{PREFIX}TEMPLATES" or name.endswith(FROM_FILE)
    return str(Path(value).absolute()) if is_path else value


def _own(service: str, keys: Keys) -> dict[str, str]:
    match service:
        case "ingest":
            return {
                "TOUCHLINE_VAULT_KEY": keys.vault,
                "TOUCHLINE_LEAD_ID_SECRET": keys.lead_id,
                "TOUCHLINE_API_KEYS": json.dumps({SOURCE: digest(keys.source)}),
                "TOUCHLINE_OPERATOR_KEYS": json.dumps({OPERATOR: digest(keys.operator)}),
                "TOUCHLINE_SHOPIFY_SECRETS": json.dumps([keys.shopify]),
            }
        case "prioritizer":
            reps = {
                rep: {"key_sha256": digest(key), "team": TEAM} for rep, key in keys.reps.items()
            }
            return {"TOUCHLINE_VAULT_KEY": keys.vault, "TOUCHLINE_REPS": json.dumps(reps)}
        case "sender":
            return {"TOUCHLINE_VAULT_KEY": keys.vault}
        case "handoff":
            return {
                "TOUCHLINE_VAULT_KEY": keys.vault,
                "TOUCHLINE_CRM_KEYS": json.dumps({CRM: digest(keys.crm)}),
            }
        case _:
            return {}
