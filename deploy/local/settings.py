"""What each local service is told: servers, port, and only the keys that it needs."""

import json

from deploy.local.keys import CRM, OPERATOR, SOURCE, TEAM, Keys, digest
from deploy.local.servers import Servers

SERVICES = ("ingest", "cadence", "prioritizer", "handoff")


def settings(service: str, servers: Servers, keys: Keys, port: int) -> dict[str, str]:
    """The service's `TOUCHLINE_` environment."""
    return {
        "TOUCHLINE_KAFKA_BOOTSTRAP": servers.kafka_bootstrap,
        "TOUCHLINE_DATABASE_URL": servers.database_url,
        "TOUCHLINE_HTTP_PORT": str(port),
        **_own(service, keys),
    }


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
        case "handoff":
            return {
                "TOUCHLINE_VAULT_KEY": keys.vault,
                "TOUCHLINE_CRM_KEYS": json.dumps({CRM: digest(keys.crm)}),
            }
        case _:
            return {}
