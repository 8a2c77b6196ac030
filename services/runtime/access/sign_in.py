"""Signing in with a browser at an OpenID Connect provider: the code flow with PKCE.

OpenID Connect Core 1.0, section 3.1; RFC 7636 for PKCE. The provider's answer is worth nothing
without the secrets that the same browser was given before, and its token is checked as any other.
"""

import base64
import hashlib
import secrets
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

import httpx
import orjson
import structlog
from pydantic import BaseModel, ConfigDict

from services.runtime.access.jwks import provider_away
from services.runtime.access.oidc import Oidc, SignIn, Tokens
from services.runtime.doors.problem import Problem

TIMEOUT_SECONDS: Final = 10.0
LARGEST_BYTES: Final = 65_536
"""Of an answer with three tokens, each of which is a few kilobytes."""

log = structlog.get_logger()


class Begun(BaseModel):
    """What the browser keeps until it comes back, and nobody else may know."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    state: str
    nonce: str
    verifier: str

    @classmethod
    def anew(cls) -> "Begun":
        """Three secrets that nobody can guess."""
        return cls(
            state=secrets.token_urlsafe(24),
            nonce=secrets.token_urlsafe(24),
            verifier=secrets.token_urlsafe(48),
        )


class Provider:
    """The provider, as a browser is sent there and comes back to `back`, an address of ours."""

    def __init__(self, oidc: Oidc, sign_in: SignIn, back: str) -> None:
        self._sign_in, self._back = sign_in, back
        self._tokens = Tokens(oidc.model_copy(update={"audience": sign_in.client_id}))

    def address(self, begun: Begun) -> str:
        """Where the browser is sent."""
        challenge = hashlib.sha256(begun.verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": self._sign_in.client_id,
            "redirect_uri": self._back,
            "scope": self._sign_in.scope,
            "state": begun.state,
            "nonce": begun.nonce,
            "code_challenge": base64.urlsafe_b64encode(challenge).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        url = self._sign_in.authorization_url
        return f"{url}{'&' if '?' in url else '?'}{urlencode(asked)}"

    async def claims(self, told: Mapping[str, str], begun: Begun) -> Mapping[str, Any] | None:
        """What the provider says of whoever came back with `told`, the address's query.

        None where the provider refused, where the answer is none to `begun`, and where the token
        is not valid. Raises Problem 503 while the provider cannot be asked.
        """
        if not secrets.compare_digest(told.get("state", ""), begun.state) or "code" not in told:
            return None
        token = await self._exchanged(told["code"], begun.verifier)
        claims = await self._tokens.claims(token) if token else None
        return claims if claims and claims.get("nonce") == begun.nonce else None

    async def _exchanged(self, code: str, verifier: str) -> str | None:
        """The ID token for the code; None where the provider takes the code for no good."""
        sent = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._back,
            "client_id": self._sign_in.client_id,
            "code_verifier": verifier,
        }
        if self._sign_in.client_secret:
            sent["client_secret"] = self._sign_in.client_secret.get_secret_value()
        try:
            async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS) as client:
                answer = await client.post(self._sign_in.token_url, data=sent)
        except httpx.HTTPError as error:
            log.warning("provider not asked", error=type(error).__name__)
            raise _away() from None
        if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            log.warning("provider not asked", status=answer.status_code)
            raise _away()
        return _id_token(answer)


def _id_token(answer: httpx.Response) -> str | None:
    if answer.status_code != httpx.codes.OK or len(answer.content) > LARGEST_BYTES:
        log.warning("provider gave no token", status=answer.status_code)
        return None
    try:
        told = orjson.loads(answer.content)
    except orjson.JSONDecodeError:
        return None
    token = told.get("id_token") if isinstance(told, dict) else None
    return token if isinstance(token, str) else None


def _away() -> Problem:
    title = "The identity provider does not answer"
    return provider_away(title, "Nobody can sign in by it now.", "a key")
