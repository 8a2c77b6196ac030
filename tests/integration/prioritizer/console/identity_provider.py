"""An identity provider with pages, over real HTTP: it knows one person, and asks for nothing."""

import base64
import hashlib
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import SecretStr

from services.runtime.access.oidc import Oidc, SignIn
from services.runtime.doors.door import Door
from tests.provider import ISSUER, key_set, rsa_signer

CLIENT, SECRET = "console", "the console's own secret"


@dataclass
class IdentityProvider:
    """Signs in whoever comes, as a person with these `claims`."""

    port: int = 0
    claims: dict[str, Any] = field(
        default_factory=lambda: {"sub": "olga", "role": ["rep"], "team": "sales"}
    )
    asked: dict[str, dict[str, str]] = field(default_factory=dict)
    away: bool = False

    def oidc(self, here: str) -> Oidc:
        """What the prioritizer is told, whose console browsers find at `here`."""
        return Oidc(
            issuer=ISSUER,
            audience="touchline",
            jwks=key_set(rsa_signer()),
            sign_in=SignIn(
                authorization_url=f"http://127.0.0.1:{self.port}/authorize",
                token_url=f"http://127.0.0.1:{self.port}/token",
                client_id=CLIENT,
                client_secret=SecretStr(SECRET),
                here=here,
            ),
        )

    @asynccontextmanager
    async def opened(self) -> AsyncIterator["IdentityProvider"]:
        """On a free port."""
        door = Door(self._app(), "127.0.0.1", 0)
        await door.start()
        self.port = door.port
        yield self
        await door.drain()

    def _app(self) -> FastAPI:
        app = FastAPI()

        @app.get("/authorize")
        async def authorize(request: Request) -> Response:
            asked = dict(request.query_params)
            code = secrets.token_urlsafe()
            self.asked[code] = asked
            back = urlencode({"code": code, "state": asked["state"]})
            return HTMLResponse(f'<a href="{asked["redirect_uri"]}?{back}">It is me</a>')

        @app.post("/token")
        async def token(request: Request) -> Response:
            if self.away:
                return Response(status_code=502)
            sent = dict(parse_qsl((await request.body()).decode()))
            asked = self.asked.pop(sent["code"], None)
            if asked is None or not _is_answer(sent, asked):
                return JSONResponse({"error": "invalid_grant"}, 400)
            return JSONResponse({"id_token": self.id_token(asked["nonce"])})

        return app

    def id_token(self, nonce: str) -> str:
        """Says who it is, to the console alone."""
        return rsa_signer().token(aud=CLIENT, nonce=nonce, **self.claims)


def _is_answer(sent: dict[str, str], asked: dict[str, str]) -> bool:
    """As RFC 6749 and 7636 have a provider check it."""
    digest = hashlib.sha256(sent["code_verifier"].encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    known = (sent["client_id"], sent["client_secret"]) == (CLIENT, SECRET)
    same = sent["redirect_uri"] == asked["redirect_uri"]
    return known and same and challenge == asked["code_challenge"]
