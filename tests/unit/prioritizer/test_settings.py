"""What the prioritizer refuses to start with."""

import base64
import json

import pytest

from services.prioritizer.settings import Settings
from services.runtime.settings import SettingsRefused

GOOD = {
    "TOUCHLINE_KAFKA_BOOTSTRAP": "localhost:9092",
    "TOUCHLINE_DATABASE_URL": "postgresql://localhost/touchline",
    "TOUCHLINE_HTTP_PORT": "8080",
    "TOUCHLINE_VAULT_KEY": base64.b64encode(bytes(32)).decode(),
    "TOUCHLINE_REPS": json.dumps({"ana": {"key_sha256": "0" * 64, "team": "sales"}}),
}


def test_reps_and_lease_are_read() -> None:
    settings = Settings.from_env(GOOD)
    assert settings.reps["ana"].team == "sales"
    assert settings.lease_seconds == 300


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TOUCHLINE_REPS", "{}"),
        ("TOUCHLINE_REPS", '{"ana": {"key_sha256": "secret", "team": "sales"}}'),
        ("TOUCHLINE_REPS", '{"ana": {"key_sha256": "%s"}}' % ("0" * 64)),
        ("TOUCHLINE_LEASE_SECONDS", "0"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsRefused, match=name):
        Settings.from_env(GOOD | {name: value})
