"""What is said of brokers fits together, or the line that tells so names the setting."""

import ssl
from pathlib import Path

import pytest

from services.runtime.kafka.brokers import Brokers
from services.runtime.kafka.kafka_settings import BOOTSTRAP, KafkaSettings, of_brokers
from services.runtime.process.environment import SettingsRefused

K = "TOUCHLINE_KAFKA_"
NAMED = {
    f"{K}SASL_MECHANISM": "SCRAM-SHA-512",
    f"{K}SASL_USERNAME": "touchline",
    f"{K}SASL_PASSWORD": "hidden",
}


def settings(**given: str) -> KafkaSettings:
    env = {K + name: value for name, value in given.items()}
    return KafkaSettings.from_env({BOOTSTRAP: "a:1,b:2"} | env)


def refused(env: dict[str, str]) -> dict[str, str]:
    """What is wrong, by setting."""
    with pytest.raises(SettingsRefused) as caught:
        KafkaSettings.from_env({BOOTSTRAP: "a:1"} | env)
    parted = (line.partition(": ") for line in caught.value.problems)
    return {setting.removeprefix(K): what for setting, _, what in parted}


def test_without_a_word_brokers_are_open() -> None:
    brokers = settings().brokers

    assert brokers == Brokers("a:1,b:2")
    assert brokers.credentials is None
    assert brokers.options["bootstrap_servers"] == ["a:1", "b:2"]


@pytest.mark.parametrize("given", ["a", "a.b-c_d:1", "10.0.0.1:65535", "[::1]:9092", "a:1, b:2"])
def test_brokers_are_told_as_clients_take_them(given: str) -> None:
    assert KafkaSettings.from_env({BOOTSTRAP: given}).kafka_bootstrap == given.replace(" ", "")


@pytest.mark.parametrize(
    "given", ["", "a:abc", "a:1,", "a:0", "a:65536", "::1", "kafka://a:1", "a b:1", "u:secret@a:1"]
)
def test_what_is_no_broker_is_refused_with_the_rule(given: str) -> None:
    with pytest.raises(SettingsRefused) as caught:
        KafkaSettings.from_env({BOOTSTRAP: given})
    (line,) = caught.value.problems

    assert line.startswith("TOUCHLINE_KAFKA_BOOTSTRAP: must be host:port with commas")
    assert "secret" not in line


def test_a_name_and_a_password_over_tls() -> None:
    env = {BOOTSTRAP: "a:1", f"{K}SECURITY_PROTOCOL": "SASL_SSL"} | NAMED
    brokers = KafkaSettings.from_env(env).brokers

    assert brokers.tls is not None
    assert (brokers.tls.check_hostname, brokers.tls.verify_mode) == (True, ssl.CERT_REQUIRED)
    assert (brokers.username, brokers.password) == ("touchline", "hidden")
    assert "hidden" not in repr(brokers)
    assert "hidden" not in repr(KafkaSettings.from_env(env))


@pytest.mark.parametrize("protocol", ["SASL_SSL", "SASL_PLAINTEXT"])
def test_who_must_give_a_name_gives_all_of_it(protocol: str) -> None:
    wrong = refused({f"{K}SECURITY_PROTOCOL": protocol})

    assert wrong.keys() == {"SASL_MECHANISM", "SASL_USERNAME", "SASL_PASSWORD"}
    assert all(protocol in what for what in wrong.values())


@pytest.mark.parametrize("protocol", ["PLAINTEXT", "SSL"])
def test_a_password_that_nobody_would_be_shown_is_refused(protocol: str) -> None:
    wrong = refused({f"{K}SECURITY_PROTOCOL": protocol} | NAMED)

    assert wrong.keys() == {"SASL_MECHANISM", "SASL_USERNAME", "SASL_PASSWORD"}
    assert "hidden" not in str(wrong)


def test_an_authority_without_tls_is_refused(tmp_path: Path) -> None:
    wrong = refused({f"{K}SSL_CA": str(tmp_path / "absent.pem")})

    assert list(wrong) == ["SSL_CA"]


@pytest.mark.parametrize("setting", ["SSL_CA", "SSL_CERTIFICATE"])
@pytest.mark.parametrize("content", [None, b"", b"no PEM"])
def test_a_file_without_certificates_is_refused_before_anything_starts(
    setting: str, content: bytes | None, tmp_path: Path
) -> None:
    file = tmp_path / "given.pem"
    if content is not None:
        file.write_bytes(content)
    wrong = refused({f"{K}SECURITY_PROTOCOL": "SSL", f"{K}{setting}": str(file)})

    assert list(wrong) == [setting]
    assert "PEM" in wrong[setting]


def test_what_is_handed_on_names_no_brokers() -> None:
    env = {BOOTSTRAP: "a:1", f"{BOOTSTRAP}_FILE": "x", "TOUCHLINE_HTTP_PORT": "0"} | NAMED

    assert of_brokers(env) == NAMED
