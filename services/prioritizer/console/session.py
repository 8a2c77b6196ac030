"""Who sits at the console: a signed cookie that ends with the day, or with the key behind it."""

from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from fastapi import Request, Response
from itsdangerous import BadData, URLSafeTimedSerializer

from services.prioritizer.callers import Caller, Callers

COOKIE: Final = "touchline-session"
LASTS_SECONDS: Final = 12 * 3600
_HERE: Final = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Sessions:
    """Cookies hold no key and no name: the mark of a key, signed."""

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
        response.set_cookie(
            COOKIE,
            self.signer.dumps(mark),
            max_age=LASTS_SECONDS,
            httponly=True,
            samesite="strict",
            secure=request.url.hostname not in _HERE,
        )
        return True

    def caller(self, request: Request) -> Caller | None:
        """Who is signed in; nobody once the cookie is too old, or the key is known no more."""
        try:
            mark = self.signer.loads(request.cookies.get(COOKIE, ""), max_age=LASTS_SECONDS)
        except BadData:
            return None
        return self.callers.marked(mark)


def from_here(request: Request) -> bool:
    """Whether our own page sent the form, as the browser tells: no other site writes for a rep."""
    told = request.headers.get("Sec-Fetch-Site")
    if told is not None:
        return told == "same-origin"
    origin = request.headers.get("Origin", "")
    return origin.partition("://")[2] == request.headers.get("Host")
