"""What the prioritizer is told by its environment."""

from pydantic import BaseModel, ConfigDict, Field

from schemas.events.fact import Text
from services.runtime.settings import KeyHash, RuntimeSettings, VaultKey


class RepSettings(BaseModel):
    """A rep: the SHA-256 of the key that the rep's client presents, and the rep's team."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key_sha256: KeyHash
    team: Text


class Settings(RuntimeSettings):
    """`reps` by id; a second key of a rep, for a rotation, stands under `<id>#2`."""

    vault_key: VaultKey
    reps: dict[Text, RepSettings] = Field(min_length=1)
    lease_seconds: int = Field(default=300, ge=5, le=86_400)
