"""What the prioritizer refuses to start with."""

import base64
import json

import pytest

from services.prioritizer.settings import Settings
from services.runtime.process.environment import SettingsRefused
from tests.provider import AUDIENCE, ISSUER, key_set, rsa_signer

GOOD = {
    "TOUCHLINE_KAFKA_BOOTSTRAP": "localhost:9092",
    "TOUCHLINE_DATABASE_URL": "postgresql://localhost/touchline",
    "TOUCHLINE_HTTP_PORT": "8080",
    "TOUCHLINE_VAULT_KEY": base64.b64encode(bytes(32)).decode(),
    "TOUCHLINE_REPS": json.dumps({"ana": {"key_sha256": "0" * 64, "team": "sales"}}),
}
NOBODY = {name: value for name, value in GOOD.items() if name != "TOUCHLINE_REPS"}


def test_reps_and_lease_are_read() -> None:
    settings = Settings.from_env(GOOD)
    assert settings.reps["ana"].team == "sales"
    assert settings.lease_seconds == 300


def test_a_provider_of_tokens_is_enough_to_let_reps_in() -> None:
    oidc = {"issuer": ISSUER, "audience": AUDIENCE, "jwks": key_set(rsa_signer())}
    settings = Settings.from_env(NOBODY | {"TOUCHLINE_OIDC": json.dumps(oidc)})
    assert settings.oidc is not None
    assert settings.oidc.algorithms == ("RS256", "ES256")


def test_a_queue_that_nobody_may_ask_is_refused() -> None:
    with pytest.raises(SettingsRefused, match="TOUCHLINE_OIDC: give this or TOUCHLINE_REPS"):
        Settings.from_env(NOBODY)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TOUCHLINE_REPS", '{"ana": {"key_sha256": "secret", "team": "sales"}}'),
        ("TOUCHLINE_REPS", '{"ana": {"key_sha256": "%s"}}' % ("0" * 64)),
        ("TOUCHLINE_STAFF", '{"mia": {"key_sha256": "%s", "role": "manager"}}' % ("0" * 64)),
        ("TOUCHLINE_STAFF", '{"mia": {"key_sha256": "%s", "role": "rep"}}' % ("0" * 64)),
        ("TOUCHLINE_OIDC", '{"issuer": "https://login.example.com", "audience": "touchline"}'),
        ("TOUCHLINE_LEASE_SECONDS", "0"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsRefused, match=name):
        Settings.from_env(GOOD | {name: value})
