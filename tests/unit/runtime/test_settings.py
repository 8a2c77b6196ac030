"""A wrong environment is refused as a whole, with a line for each thing that is wrong."""

import base64
from pathlib import Path

import pytest
from pydantic import SecretStr

from services.runtime.process.environment import SettingsRefused, variables
from services.runtime.process.settings import KeyHash, RuntimeSettings, VaultKey

ENV = {
    "TOUCHLINE_KAFKA_BOOTSTRAP": "localhost:9092",
    "TOUCHLINE_DATABASE_URL": "postgresql://u:hidden@localhost/t",
    "TOUCHLINE_HTTP_PORT": "8080",
    "HOME": "/root",
}
KEY = bytes(range(32))


class DoorSettings(RuntimeSettings):
    """What a service with keys adds."""

    vault_key: VaultKey
    api_keys: dict[str, KeyHash]
    shopify_secrets: tuple[SecretStr, ...] = ()


DOOR = ENV | {
    "TOUCHLINE_VAULT_KEY": base64.b64encode(KEY).decode(),
    "TOUCHLINE_API_KEYS": '{"crm": "' + "a" * 64 + '"}',
}


def refused(env: dict[str, str], settings: type[RuntimeSettings] = RuntimeSettings) -> list[str]:
    with pytest.raises(SettingsRefused) as caught:
        settings.from_env(env)
    return list(caught.value.problems)


def test_a_complete_environment_is_read() -> None:
    settings = RuntimeSettings.from_env(ENV)

    assert settings.http_port == 8080
    assert settings.database_url.get_secret_value() == ENV["TOUCHLINE_DATABASE_URL"]
    assert settings.session_timeout_seconds == 12


def test_nothing_is_read_from_the_process_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOUCHLINE_LOG_LEVEL", "debug")

    assert RuntimeSettings.from_env(ENV).log_level == "info"


def test_a_misspelt_variable_is_refused_with_the_one_that_was_meant() -> None:
    (line,) = refused(ENV | {"TOUCHLINE_LOG_LEVLE": "debug"})

    assert line.startswith("TOUCHLINE_LOG_LEVLE: is no setting of this service")
    assert "did you mean TOUCHLINE_LOG_LEVEL?" in line
    assert all(name in line for name in variables(RuntimeSettings))


def test_every_error_has_its_line_that_names_the_variable() -> None:
    lines = refused(
        {"TOUCHLINE_HTTP_PORT": "http", "TOUCHLINE_LOG_LEVEL": "loud", "TOUCHLINE_X": "1"}
    )

    assert [line.partition(":")[0] for line in sorted(lines)] == [
        "TOUCHLINE_DATABASE_URL",
        "TOUCHLINE_HTTP_PORT",
        "TOUCHLINE_KAFKA_BOOTSTRAP",
        "TOUCHLINE_LOG_LEVEL",
        "TOUCHLINE_X",
    ]
    assert "TOUCHLINE_KAFKA_BOOTSTRAP: is required" in lines


def test_json_settings_are_parsed_and_checked() -> None:
    settings = DoorSettings.from_env(DOOR | {"TOUCHLINE_SHOPIFY_SECRETS": '["one", "two"]'})

    assert settings.vault_key.get_secret_value() == KEY
    assert settings.api_keys == {"crm": "a" * 64}
    assert [one.get_secret_value() for one in settings.shopify_secrets] == ["one", "two"]


def test_broken_json_is_told_once() -> None:
    assert refused(DOOR | {"TOUCHLINE_API_KEYS": "{"}, DoorSettings) == [
        "TOUCHLINE_API_KEYS: is not JSON"
    ]


def test_an_error_inside_json_says_where() -> None:
    (line,) = refused(DOOR | {"TOUCHLINE_API_KEYS": '{"crm": "plain key"}'}, DoorSettings)

    assert line.startswith("TOUCHLINE_API_KEYS: ")
    assert line.endswith("(at crm)")
    assert "plain key" not in line


@pytest.mark.parametrize(
    "given", ["", "short", "not base64 !", base64.b64encode(KEY[1:]).decode()]
)
def test_a_vault_key_of_another_shape_is_refused_with_the_way_to_make_one(given: str) -> None:
    (line,) = refused(DOOR | {"TOUCHLINE_VAULT_KEY": given}, DoorSettings)

    assert "openssl rand -base64 32" in line
    assert "short" not in line


@pytest.mark.parametrize(
    "given", ["postgresql://u:canary%ssw0rd@h/x", "postgres:/touchline:canary@h/db", "canary"]
)
def test_a_database_url_that_is_none_is_refused_and_not_repeated(given: str) -> None:
    (line,) = refused(ENV | {"TOUCHLINE_DATABASE_URL": given})

    assert line.startswith("TOUCHLINE_DATABASE_URL: must be postgresql://")
    assert "canary" not in line


def test_a_secret_can_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "url").write_text("postgresql://from-file\n")
    env = {name: value for name, value in ENV.items() if "URL" not in name}

    settings = RuntimeSettings.from_env(
        env | {"TOUCHLINE_DATABASE_URL_FILE": str(tmp_path / "url")}
    )

    assert settings.database_url.get_secret_value() == "postgresql://from-file"


def test_a_variable_beside_its_file_is_refused() -> None:
    (line,) = refused(ENV | {"TOUCHLINE_DATABASE_URL_FILE": "/dev/null"})

    assert line.startswith("TOUCHLINE_DATABASE_URL: is given twice")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    env = {name: value for name, value in ENV.items() if "URL" not in name}
    lines = refused(env | {"TOUCHLINE_DATABASE_URL_FILE": str(tmp_path / "absent")})

    assert len(lines) == 1
    assert "absent" in lines[0]


def test_secrets_are_masked() -> None:
    assert "hidden" not in repr(RuntimeSettings.from_env(ENV))
    assert repr(KEY)[2:-1] not in repr(DoorSettings.from_env(DOOR))
