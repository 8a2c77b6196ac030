"""What the handoff service is told by its environment."""

from pydantic import Field

from schemas.events.fact import Text
from services.runtime.process.settings import KeyHash, RuntimeSettings, VaultKey


class Settings(RuntimeSettings):
    """`crm_keys`: the SHA-256 of each CRM consumer's key, by the consumer's name."""

    vault_key: VaultKey
    crm_keys: dict[Text, KeyHash] = Field(min_length=1)
