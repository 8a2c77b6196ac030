"""Who calls, and whether the bytes are theirs: compared in constant time, never raising."""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence

BEARER = "bearer "


class ApiKeys:
    """API keys known by their SHA-256 alone: `{name: hex digest}`.

    A name may own several keys during a rotation: name them `crm`, `crm#2`; both are `crm`.
    """

    def __init__(self, hashes: Mapping[str, str]) -> None:
        self._known = tuple(
            (name.partition("#")[0], bytes.fromhex(digest)) for name, digest in hashes.items()
        )

    def name_of(self, presented: str | None) -> str | None:
        """Whose key this is; None where it is nobody's. The time taken tells nothing."""
        digest, found = hashlib.sha256(_bytes(presented)).digest(), None
        for name, known in self._known:
            if hmac.compare_digest(digest, known):
                found = name
        return found


def bearer(authorization: str | None) -> str | None:
    """The key in an `Authorization: Bearer <key>` header; None where there is none."""
    if authorization is None or not authorization.lower().startswith(BEARER):
        return None
    return authorization[len(BEARER) :].strip() or None


def hmac_sha256_base64(secret: bytes, raw: bytes) -> str:
    """The signature that Shopify and its like put into a header, over the raw body."""
    return base64.b64encode(hmac.digest(secret, raw, "sha256")).decode()


def matches_any(secrets: Sequence[bytes], raw: bytes, presented: str | None) -> bool:
    """Whether one of `secrets` signed `raw`; several are known during a rotation.

    Whatever bytes the header held, the answer is a boolean.
    """
    given, found = _bytes(presented), False
    for secret in secrets:
        found |= hmac.compare_digest(hmac_sha256_base64(secret, raw).encode(), given)
    return found


def _bytes(text: str | None) -> bytes:
    return (text or "").encode("utf-8", "surrogatepass")
