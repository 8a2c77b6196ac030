"""What the sender refuses to start with."""

import base64
from pathlib import Path

import pytest

from services.runtime.process.environment import SettingsRefused
from services.sender.settings import Settings

GOOD = {
    "TOUCHLINE_KAFKA_BOOTSTRAP": "localhost:9092",
    "TOUCHLINE_DATABASE_URL": "postgresql://localhost/touchline",
    "TOUCHLINE_HTTP_PORT": "8080",
    "TOUCHLINE_VAULT_KEY": base64.b64encode(bytes(32)).decode(),
    "TOUCHLINE_TEMPLATES": str(Path(__file__).parents[3] / "playbooks" / "templates"),
    "TOUCHLINE_MAIL_FROM": "Sales <sales@example.com>",
    "TOUCHLINE_UNSUBSCRIBE_URL": "https://mail.example.com/",
    "TOUCHLINE_UNSUBSCRIBE_SECRET": "a secret of the tests' own",
    "TOUCHLINE_SMTP_HOST": "localhost",
}


def test_tls_is_asked_of_the_mail_server_unless_told_otherwise() -> None:
    settings = Settings.from_env(GOOD)
    assert (settings.smtp_port, settings.smtp_security) == (587, "starttls")
    assert settings.unsubscribe_url == "https://mail.example.com"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TOUCHLINE_TEMPLATES", "/nowhere"),
        ("TOUCHLINE_MAIL_FROM", "Sales"),
        ("TOUCHLINE_UNSUBSCRIBE_URL", "http://mail.example.com"),
        ("TOUCHLINE_UNSUBSCRIBE_SECRET", "short"),
        ("TOUCHLINE_SMTP_SECURITY", "perhaps"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsRefused, match=name):
        Settings.from_env(GOOD | {name: value})
