"""Settings come from TOUCHLINE_* variables, all of them checked before anything starts."""

import base64
import binascii
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, SecretBytes, SecretStr, StringConstraints
from pydantic import ValidationError as Invalid
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

PREFIX = "TOUCHLINE_"
FROM_FILE = "_FILE"
CALLS_A_SECOND = 5_000
"""Unless a deployment says otherwise: so often that only a loop is met by it."""


class SettingsRefused(Exception):
    """The environment is no valid configuration; `problems` has a line for each thing wrong."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


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

KeyHash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""The SHA-256 of an API key, in lower-case hex: the key itself is known to its holder alone."""


class RuntimeSettings(BaseSettings):
    """What every service is told. A service adds its own fields in a subclass."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    kafka_bootstrap: str
    database_url: SecretStr
    http_host: str = "127.0.0.1"
    http_port: int = Field(ge=0, le=65_535)
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    session_timeout_seconds: int = Field(default=12, ge=6, le=300)
    max_body_bytes: int = Field(default=262_144, ge=1024)
    calls_a_second: int = Field(default=CALLS_A_SECOND, ge=1, le=1_000_000)
    """How often each key or token may call this process."""
    start_patience_seconds: float = Field(default=30, ge=0)
    """How long a start waits for PostgreSQL and Kafka before it gives up."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Nothing is read behind the caller's back: `from_env` is given the environment."""
        return (init_settings,)

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Self:
        """The settings in `env`; every variable may instead name a file: TOUCHLINE_X_FILE.

        Raises SettingsRefused with a line for each wrong, missing or unknown TOUCHLINE_ variable.
        """
        given = {name: value for name, value in env.items() if name.startswith(PREFIX)}
        texts, problems = _texts(given, cls)
        values = _parsed(cls, texts, problems)
        try:
            settings = cls(**values)
        except Invalid as error:
            broken = {line.partition(":")[0] for line in problems}
            problems += [line for line in _lines(error) if line.partition(":")[0] not in broken]
        if problems:
            raise SettingsRefused(tuple(problems))
        return settings


def variables(settings: type[RuntimeSettings]) -> tuple[str, ...]:
    """The names of the variables that `settings` reads."""
    return tuple(sorted(PREFIX + field.upper() for field in settings.model_fields))


def _texts(
    given: Mapping[str, str], settings: type[RuntimeSettings]
) -> tuple[dict[str, str], list[str]]:
    known, texts, problems = variables(settings), {}, []
    for name, value in sorted(given.items()):
        plain = name.removesuffix(FROM_FILE)
        if name in known:
            texts[name] = value
        elif plain not in known:
            problems.append(_unknown(name, known))
        elif plain in given:
            problems.append(f"{plain}: is given twice; set {plain} or {name}, not both")
        else:
            try:
                texts[plain] = Path(value).read_text().strip()
            except (OSError, UnicodeDecodeError) as error:
                problems.append(f"{plain}: the file named by {name} cannot be read: {error}")
    return texts, problems


def _unknown(name: str, known: tuple[str, ...]) -> str:
    near = get_close_matches(name, known, n=1)
    meant = f"did you mean {near[0]}? " if near else ""
    return f"{name}: is no setting of this service; {meant}Known: {', '.join(known)}"


def _parsed(
    settings: type[RuntimeSettings], texts: Mapping[str, str], problems: list[str]
) -> dict[str, Any]:
    source, values = EnvSettingsSource(settings), dict[str, Any]()
    source.env_vars = {name.lower(): text for name, text in texts.items()}
    for name, field in settings.model_fields.items():
        text, _, is_complex = source.get_field_value(field, name)
        if text is None:
            continue
        try:
            values[name] = source.prepare_field_value(name, field, text, is_complex)
        except ValueError:
            problems.append(f"{PREFIX}{name.upper()}: is not JSON")
    return values


def _lines(error: Invalid) -> list[str]:
    """A line an error; never the value, which may be a secret."""
    lines = []
    for one in error.errors(include_input=False, include_url=False, include_context=False):
        field, *inside = (str(part) for part in one["loc"])
        where = f" (at {'.'.join(inside)})" if inside else ""
        what = (
            "is required" if one["type"] == "missing" else one["msg"].removeprefix("Value error, ")
        )
        lines.append(f"{PREFIX}{field.upper()}: {what}{where}")
    return lines
