"""What a deployment says of its brokers: where they are, and who we are to them."""

import re
import ssl
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr, ValidationInfo, field_validator

from services.runtime.kafka.brokers import Brokers, Mechanism, Protocol
from services.runtime.process.environment import FromEnvironment

BOOTSTRAP = "TOUCHLINE_KAFKA_BOOTSTRAP"
MOST_PORT = 65_535
PROTOCOL = "TOUCHLINE_KAFKA_SECURITY_PROTOCOL"


_BROKER = re.compile(r"(?:\[[0-9A-Fa-f:.]+\]|[^\s:/@\[\]]+)(?::([0-9]{1,5}))?")


def of_brokers(env: Mapping[str, str]) -> dict[str, str]:
    """The settings in `env` that say how brokers are come to, wherever they are."""
    return {
        name: value
        for name, value in env.items()
        if name.startswith("TOUCHLINE_KAFKA_") and not name.startswith(BOOTSTRAP)
    }


def _bootstrap(given: str) -> str:
    brokers = [broker.strip() for broker in given.split(",")]
    for found in map(_BROKER.fullmatch, brokers):
        if not found or not 0 < int(found[1] or 1) <= MOST_PORT:
            raise ValueError(
                "must be host:port with commas between brokers, such as kafka-1:9092,kafka-2:9092;"
                f" ports go from 1 to {MOST_PORT}, and IPv6 stands in brackets"
            )
    return ",".join(brokers)


def _authorities(path: Path) -> Path:
    try:
        ssl.create_default_context(cafile=path)
    except OSError as error:  # ssl.SSLError is one
        raise ValueError(f"no certificates can be read there ({error}); give PEM") from None
    return path


def _certificate(path: Path) -> Path:
    try:
        ssl.create_default_context().load_cert_chain(path)
    except OSError as error:
        raise ValueError(
            f"no certificate with its key can be read there ({error}); give PEM, key unencrypted"
        ) from None
    return path


class KafkaSettings(FromEnvironment):
    """How the brokers are come to; as it is, without TLS and without a name."""

    kafka_bootstrap: Annotated[str, AfterValidator(_bootstrap)]
    kafka_security_protocol: Protocol = "PLAINTEXT"
    kafka_sasl_mechanism: Mechanism | None = Field(default=None, validate_default=True)
    kafka_sasl_username: str | None = Field(default=None, validate_default=True)
    kafka_sasl_password: SecretStr | None = Field(default=None, validate_default=True)
    kafka_ssl_ca: Annotated[Path, AfterValidator(_authorities)] | None = None
    """A file of PEM: the authorities that sign brokers. Without it those of the machine count."""
    kafka_ssl_certificate: Annotated[Path, AfterValidator(_certificate)] | None = None
    """A file of PEM: our own certificate and its key, where the brokers ask for one."""

    @field_validator("kafka_sasl_mechanism", "kafka_sasl_username", "kafka_sasl_password")
    @classmethod
    def _with_sasl(cls, value: object, info: ValidationInfo) -> object:
        protocol = info.data.get("kafka_security_protocol")
        if value is None and protocol in ("SASL_PLAINTEXT", "SASL_SSL"):
            raise ValueError(f"is required with {PROTOCOL}={protocol}")
        if value is not None and protocol in ("PLAINTEXT", "SSL"):
            raise ValueError(f"is of no use with {PROTOCOL}={protocol}; set SASL_SSL there")
        return value

    @field_validator("kafka_ssl_ca", "kafka_ssl_certificate")
    @classmethod
    def _with_tls(cls, value: object, info: ValidationInfo) -> object:
        protocol = info.data.get("kafka_security_protocol")
        if value is not None and protocol in ("PLAINTEXT", "SASL_PLAINTEXT"):
            raise ValueError(f"is of no use with {PROTOCOL}={protocol}; set SSL or SASL_SSL there")
        return value

    @cached_property
    def brokers(self) -> Brokers:
        """What our clients are told. Certificates are read once."""
        password = self.kafka_sasl_password
        return Brokers(
            bootstrap=self.kafka_bootstrap,
            protocol=self.kafka_security_protocol,
            tls=self._tls(),
            mechanism=self.kafka_sasl_mechanism,
            username=self.kafka_sasl_username,
            password=password.get_secret_value() if password else None,
        )

    def _tls(self) -> ssl.SSLContext | None:
        if self.kafka_security_protocol in ("PLAINTEXT", "SASL_PLAINTEXT"):
            return None
        context = ssl.create_default_context(cafile=self.kafka_ssl_ca)
        if self.kafka_ssl_certificate is not None:
            context.load_cert_chain(self.kafka_ssl_certificate)
        return context
