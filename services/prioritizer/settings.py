"""What the prioritizer is told by its environment."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from schemas.events.fact import Text
from services.runtime.access.oidc import Oidc
from services.runtime.process.settings import KeyHash, RuntimeSettings, VaultKey

NAME = "prioritizer"
"""The service's, and its schema's."""


class RepSettings(BaseModel):
    """A rep: the SHA-256 of the key that the rep's client presents, and the rep's team."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key_sha256: KeyHash
    team: Text


class StaffSettings(BaseModel):
    """Somebody who works no leads; a manager is one of a team."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key_sha256: KeyHash
    role: Literal["manager", "analyst", "operator"]
    team: Text | None = None

    @model_validator(mode="after")
    def _managers_have_a_team(self) -> "StaffSettings":
        if self.role == "manager" and self.team is None:
            raise ValueError("a manager needs a team")
        return self


class Settings(RuntimeSettings):
    """`reps` and `staff` by id; somebody's second key, for a rotation, stands under `<id>#2`.

    A rep who is not heard of for `presence_seconds` is absent. Asking for a lead clocks a rep in,
    unless `clock_in_demanded`. With `oidc`, tokens of its provider are taken as well as keys.
    """

    vault_key: VaultKey
    reps: dict[Text, RepSettings] = Field(default_factory=dict)
    staff: dict[Text, StaffSettings] = Field(default_factory=dict)
    oidc: Annotated[Oidc | None, Field(validate_default=True)] = None
    lease_seconds: int = Field(default=300, ge=5, le=86_400)
    skips_a_day: int = Field(default=20, ge=1, le=1_000)
    presence_seconds: int = Field(default=900, ge=60, le=86_400)
    clock_in_demanded: bool = False

    @field_validator("oidc")
    @classmethod
    def _somebody_may_ask(cls, oidc: Oidc | None, info: ValidationInfo) -> Oidc | None:
        if oidc is None and info.data.get("reps") == {}:
            raise ValueError("give this or TOUCHLINE_REPS, or nobody can ask for leads")
        return oidc
