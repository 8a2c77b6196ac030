"""Settings from TOUCHLINE_* variables or the files they name; all that is wrong is told."""

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Self

from pydantic import ValidationError as Invalid
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

PREFIX = "TOUCHLINE_"
FROM_FILE = "_FILE"


class SettingsRefused(Exception):
    """The environment is no valid configuration; `problems` has a line for each thing wrong."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class FromEnvironment(BaseSettings):
    """Settings that are read from an environment that is handed over, and from nowhere else."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

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


def variables(settings: type[FromEnvironment]) -> tuple[str, ...]:
    """The names of the variables that `settings` reads."""
    return tuple(sorted(PREFIX + field.upper() for field in settings.model_fields))


def _texts(
    given: Mapping[str, str], settings: type[FromEnvironment]
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
    settings: type[FromEnvironment], texts: Mapping[str, str], problems: list[str]
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
