"""Where Kafka is, and how our clients come to it: in the open or over TLS, and by whose name."""

from dataclasses import dataclass, field
from ssl import SSLContext
from typing import Any, Literal

from faust.auth import SASLCredentials, SSLCredentials
from faust.types.auth import CredentialsT

Protocol = Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]
"""As Kafka's own clients name it in `security.protocol`."""

Mechanism = Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]
"""As Kafka's own clients name it in `sasl.mechanism`: those that ask for a name and a password."""


@dataclass(frozen=True, slots=True)
class Brokers:
    """Brokers as `host:port`, with commas between them, and what a client shows to them.

    `tls` is given where the protocol says SSL; mechanism, name and password where it says SASL.
    """

    bootstrap: str
    protocol: Protocol = "PLAINTEXT"
    tls: SSLContext | None = field(default=None, repr=False)
    mechanism: Mechanism | None = None
    username: str | None = None
    password: str | None = field(default=None, repr=False)

    @property
    def servers(self) -> list[str]:
        """Each broker by itself."""
        return self.bootstrap.split(",")

    @property
    def options(self) -> dict[str, Any]:
        """What aiokafka and kafka-python are told, by the same names."""
        return {
            "bootstrap_servers": self.servers,
            "security_protocol": self.protocol,
            "ssl_context": self.tls,
            "sasl_mechanism": self.mechanism,
            "sasl_plain_username": self.username,
            "sasl_plain_password": self.password,
        }

    @property
    def credentials(self) -> CredentialsT | None:
        """What Faust is told; nothing where the brokers are open to all."""
        if self.mechanism is not None:
            return SASLCredentials(
                username=self.username,
                password=self.password,
                ssl_context=self.tls,
                mechanism=self.mechanism,
            )
        return None if self.tls is None else SSLCredentials(context=self.tls)
