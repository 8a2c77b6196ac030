"""OpenID Connect bearer tokens: who a provider says that the caller is, or nobody."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlsplit

import jwt
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    model_validator,
)

from services.runtime.access.jwks import FetchedKeys, GivenKeys, KeySet, usable

Algorithm = Literal[
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"
]
"""Signatures by a private key that the provider alone has. `none` and the HS family are no choice:
with them whoever reads the public keys could sign."""

LARGEST_TOKEN: Final = 8_192
"""In characters. A longer one is not looked at."""
LEEWAY_SECONDS: Final = 30
"""How far two clocks may differ."""
LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")


def _safe(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK):
        return url
    raise ValueError("must be an https:// URL; plain http only to this machine")


class SignIn(BaseModel):
    """How people sign in with a browser: the provider's two addresses, what it knows us by, and
    `here`, the address that browsers have for us. A public client has no `client_secret`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    authorization_url: Annotated[str, AfterValidator(_safe)]
    token_url: Annotated[str, AfterValidator(_safe)]
    client_id: Annotated[str, Field(min_length=1)]
    client_secret: SecretStr | None = None
    scope: str = "openid"
    here: Annotated[str, AfterValidator(_safe)]


class Oidc(BaseModel):
    """Whose tokens are believed. Exactly one of `jwks` and `jwks_url` says where its keys are.

    With `sign_in` people need no token of their own making: the provider asks them who they are.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    issuer: Annotated[str, Field(min_length=1)]
    audience: Annotated[str, Field(min_length=1)]
    jwks_url: Annotated[str, AfterValidator(_safe)] | None = None
    jwks: dict[str, Any] | None = None
    algorithms: Annotated[tuple[Algorithm, ...], Field(min_length=1)] = ("RS256", "ES256")
    role_claim: str = "role"
    team_claim: str = "team"
    sign_in: SignIn | None = None

    @model_validator(mode="after")
    def _has_keys(self) -> "Oidc":
        if (self.jwks is None) == (self.jwks_url is None):
            raise ValueError("needs exactly one of jwks and jwks_url")
        if self.jwks is not None:
            try:
                usable(self.jwks, self.algorithms)
            except jwt.PyJWTError as error:
                raise ValueError(f"jwks: {error}") from None
        return self


class Tokens:
    """Checks tokens of one provider: signature, algorithm, issuer, audience and times."""

    def __init__(self, oidc: Oidc) -> None:
        self._oidc = oidc
        self._keys: KeySet = (
            FetchedKeys(oidc.jwks_url, oidc.algorithms)
            if oidc.jwks_url
            else GivenKeys(oidc.jwks or {}, oidc.algorithms)
        )

    async def claims(self, token: str) -> Mapping[str, Any] | None:
        """What the token says; None for one that is not valid here and now, whatever is wrong.

        Raises Problem 503 while the provider's keys cannot be had.
        """
        kid = _kid(token)
        key = await self._keys.key(kid) if kid else None
        if key is None:
            return None
        try:
            return jwt.decode(
                token,
                key,
                algorithms=self._oidc.algorithms,
                audience=self._oidc.audience,
                issuer=self._oidc.issuer,
                leeway=LEEWAY_SECONDS,
                options={
                    "require": ["exp", "iss", "aud", "sub"],
                    "enforce_minimum_key_length": True,
                },
            )
        except jwt.PyJWTError:
            return None


def _kid(token: str) -> str | None:
    """The key id that the token names: a look-up among known keys, and no more than that."""
    if len(token) > LARGEST_TOKEN or token.count(".") != 2 or not token.isascii():
        return None
    try:
        kid = jwt.get_unverified_header(token).get("kid")
    except jwt.PyJWTError:
        return None
    return kid if isinstance(kid, str) else None
