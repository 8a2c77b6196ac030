"""Who sits at the console: a signed cookie that ends with the day, or with the key behind it.

Whoever signed in at the provider is kept with name, role and team: the provider told them once.
"""

from dataclasses import dataclass
from typing import Any, Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from fastapi import Request, Response
from itsdangerous import BadData, URLSafeTimedSerializer

from services.runtime.access.callers import Callers
from services.runtime.access.roles import Caller

COOKIE: Final = "touchline-session"
LASTS_SECONDS: Final = 12 * 3600
_HERE: Final = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Sessions:
    """Cookies hold no key: the mark of a key, or what the provider told, signed."""

    callers: Callers
    signer: URLSafeTimedSerializer

    @classmethod
    def of(cls, callers: Callers, vault_key: bytes) -> "Sessions":
        """Signed with a secret of their own, which follows from the vault's key."""
        secret = HKDF(SHA256(), 32, None, b"touchline console sessions").derive(vault_key)
        return cls(callers, URLSafeTimedSerializer(secret, "touchline console"))

    def begin(self, request: Request, response: Response, key: str) -> bool:
        """Sign the key's holder in; False where nobody holds it."""
        mark = self.callers.mark_of(key)
        if mark is None:
            return False
        self._keep(request, response, mark)
        return True

    def begin_named(self, request: Request, response: Response, caller: Caller) -> None:
        """Sign in whom the provider named."""
        told = {"subject": caller.subject, "roles": sorted(caller.roles), "team": caller.team}
        self._keep(request, response, told)

    def _keep(self, request: Request, response: Response, told: object) -> None:
        value = self.signer.dumps(told)
        response.set_cookie(
            COOKIE, value, max_age=LASTS_SECONDS, samesite="strict", **guarded(request)
        )

    def caller(self, request: Request) -> Caller | None:
        """Who is signed in; nobody once the cookie is too old, the key is known no more, or no
        provider's word is taken any more."""
        try:
            told = self.signer.loads(request.cookies.get(COOKIE, ""), max_age=LASTS_SECONDS)
        except BadData:
            return None
        match told:
            case str(mark):
                return self.callers.marked(mark)
            case {"subject": subject, "roles": roles, "team": team} if self.callers.oidc:
                return Caller(subject, frozenset(roles), team)
            case _:
                return None


def guarded(request: Request) -> dict[str, Any]:
    """How a cookie is set that no script sees, and that only https carries anywhere else."""
    return {"httponly": True, "secure": request.url.hostname not in _HERE}


def from_here(request: Request) -> bool:
    """Whether our own page sent the form, as the browser tells: no other site writes for a rep."""
    told = request.headers.get("Sec-Fetch-Site")
    if told is not None:
        return told == "same-origin"
    origin = request.headers.get("Origin", "")
    return origin.partition("://")[2] == request.headers.get("Host")
