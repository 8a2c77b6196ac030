"""What the handoff service refuses to start with."""

import base64
import json

import pytest

from services.handoff.settings import Settings
from services.runtime.process.environment import SettingsRefused

GOOD = {
    "TOUCHLINE_KAFKA_BOOTSTRAP": "localhost:9092",
    "TOUCHLINE_DATABASE_URL": "postgresql://localhost/touchline",
    "TOUCHLINE_HTTP_PORT": "8080",
    "TOUCHLINE_VAULT_KEY": base64.b64encode(bytes(32)).decode(),
    "TOUCHLINE_CRM_KEYS": json.dumps({"acme": "0" * 64}),
}


def test_consumers_are_read() -> None:
    assert Settings.from_env(GOOD).crm_keys == {"acme": "0" * 64}


@pytest.mark.parametrize("value", ["{}", '{"acme": "secret"}', '["acme"]'])
def test_wrong_consumers_are_named(value: str) -> None:
    with pytest.raises(SettingsRefused, match="TOUCHLINE_CRM_KEYS"):
        Settings.from_env(GOOD | {"TOUCHLINE_CRM_KEYS": value})
