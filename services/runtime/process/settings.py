"""What every service is told, checked before anything starts."""

import base64
import binascii
from typing import Annotated, Literal

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretBytes,
    SecretStr,
    StringConstraints,
)

from services.runtime.kafka.kafka_settings import KafkaSettings

CALLS_A_SECOND = 5_000
"""Unless a deployment says otherwise: so often that only a loop is met by it."""


def _vault_key(given: object) -> object:
    try:
        key = base64.b64decode(str(given), validate=True)
    except binascii.Error:
        key = b""
    if len(key) != 32:
        raise ValueError("must be 32 bytes in base64; `openssl rand -base64 32` makes one")
    return key


VaultKey = Annotated[SecretBytes, BeforeValidator(_vault_key)]
"""The key that wraps all keys of the vault: 32 bytes, given in base64."""


def _database_url(given: SecretStr) -> SecretStr:
    """The library's own words would tell the password."""
    try:
        conninfo_to_dict(given.get_secret_value())
    except ProgrammingError:
        raise ValueError(
            "must be postgresql://user:password@host/database, with % in a password as %25"
        ) from None
    return given


DatabaseUrl = Annotated[SecretStr, AfterValidator(_database_url)]
"""Where PostgreSQL is, as libpq reads it."""

KeyHash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""The SHA-256 of an API key, in lower-case hex: the key itself is known to its holder alone."""


class RuntimeSettings(KafkaSettings):
    """What every service is told. A service adds its own fields in a subclass."""

    database_url: DatabaseUrl
    http_host: str = "127.0.0.1"
    http_port: int = Field(ge=0, le=65_535)
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    session_timeout_seconds: int = Field(default=12, ge=6, le=300)
    max_body_bytes: int = Field(default=262_144, ge=1024)
    calls_a_second: int = Field(default=CALLS_A_SECOND, ge=1, le=1_000_000)
    """How often each key or token may call this process."""
    start_patience_seconds: float = Field(default=30, ge=0)
    """How long a start waits for PostgreSQL and Kafka before it gives up."""
