"""What ingest is told, by TOUCHLINE_* variables."""

from typing import Annotated

from pydantic import Field, SecretBytes

from schemas.events.fact import Text
from services.runtime.access.oidc import Oidc
from services.runtime.process.settings import KeyHash, RuntimeSettings, VaultKey

Secret = Annotated[SecretBytes, Field(min_length=16)]


class Settings(RuntimeSettings):
    """Ingest's settings. Keys are given as SHA-256, by the name of whoever holds them.

    With `oidc`, tokens of its provider are taken where operators' keys are.
    """

    vault_key: VaultKey
    lead_id_secret: Secret
    """Never to be changed: under another one every known person becomes a new lead."""
    api_keys: dict[str, KeyHash] = Field(default_factory=dict)
    operator_keys: dict[Text, KeyHash] = Field(default_factory=dict)
    oidc: Oidc | None = None
    shopify_secrets: Annotated[tuple[Secret, ...], Field(max_length=2)] = ()
    """Two while one replaces the other; none refuses every webhook."""
