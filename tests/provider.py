"""An identity provider for tests: it signs tokens, and publishes the keys to check them with."""

import json
import time
from dataclasses import dataclass
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

ISSUER, AUDIENCE = "https://login.example.com", "touchline"
HOUR = 3_600


@dataclass(frozen=True)
class Signer:
    """One of the provider's keys."""

    kid: str
    algorithm: str
    private: Any

    def jwk(self) -> dict[str, Any]:
        """The public half, as the provider publishes it."""
        made = RSAAlgorithm if self.algorithm == "RS256" else ECAlgorithm
        public = json.loads(made.to_jwk(self.private.public_key()))
        return {**public, "kid": self.kid, "use": "sig", "alg": self.algorithm}

    def token(self, header: dict[str, Any] | None = None, /, **claims: Any) -> str:
        """A token of a manager of team sales, valid for an hour; a claim of None is left out."""
        now = int(time.time())
        told = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": "mia",
            "iat": now,
            "exp": now + HOUR,
            "role": "manager",
            "team": "sales",
        } | claims
        told = {name: claim for name, claim in told.items() if claim is not None}
        return jwt.encode(told, self.private, self.algorithm, {"kid": self.kid, **(header or {})})


@cache
def rsa_signer(kid: str = "rsa-1") -> Signer:
    """A key of the kind that most providers have."""
    return Signer(kid, "RS256", rsa.generate_private_key(public_exponent=65_537, key_size=2_048))


@cache
def ec_signer(kid: str = "ec-1") -> Signer:
    """A key on the curve P-256."""
    return Signer(kid, "ES256", ec.generate_private_key(ec.SECP256R1()))


def key_set(*signers: Signer) -> dict[str, Any]:
    """What lies at the provider's JWKS address."""
    return {"keys": [signer.jwk() for signer in signers]}
