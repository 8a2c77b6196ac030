"""Which tokens are believed: the provider's, for us, now. Every attack is nobody's token."""

import base64
import hashlib
import hmac
import json
import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from services.runtime.access.oidc import LARGEST_TOKEN, Oidc, Tokens
from tests.provider import AUDIENCE, HOUR, ISSUER, Signer, ec_signer, key_set, rsa_signer

SECRET = {"kty": "oct", "kid": "secret", "alg": "HS256", "k": "c2VjcmV0LXRoYXQtaXMtcHVibGlzaGVk"}
JWKS = key_set(rsa_signer(), ec_signer())
JWKS["keys"].append(SECRET)
OIDC = Oidc(issuer=ISSUER, audience=AUDIENCE, jwks=JWKS)
TOKENS = Tokens(OIDC)
ATTACKER = Signer("rsa-1", "ES256", ec_signer("attacker").private)
"""Has a key of its own, and calls it as the provider calls its."""


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _forged(header: dict[str, Any], secret: bytes | None = None) -> str:
    """A manager's token, unsigned, or signed with a text that everybody can read."""
    claims = rsa_signer().token().split(".")[1]
    head = f"{_base64(json.dumps(header).encode())}.{claims}"
    signature = hmac.digest(secret, head.encode(), hashlib.sha256) if secret else b""
    return f"{head}.{_base64(signature)}"


PEM = (
    rsa_signer().private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
)
ATTACKS = {
    "unsigned": _forged({"alg": "none", "kid": "rsa-1"}),
    "unsigned, in other letters": _forged({"alg": "nOnE", "kid": "rsa-1"}),
    "no algorithm": _forged({"kid": "rsa-1"}),
    "signed with the public key as a secret": _forged({"alg": "HS256", "kid": "rsa-1"}, PEM),
    "signed with the published key set": _forged(
        {"alg": "HS256", "kid": "rsa-1"}, json.dumps(JWKS).encode()
    ),
    "signed with a secret that was published": _forged(
        {"alg": "HS256", "kid": "secret"}, base64.urlsafe_b64decode(SECRET["k"])
    ),
    "another's key under our name": ATTACKER.token(),
    "another's key in the token itself": ATTACKER.token({"jwk": ATTACKER.jwk()}),
    "another's keys at an address in the token": ATTACKER.token(
        {"jku": "https://attacker.example.com/jwks", "x5u": "https://attacker.example.com/x5u"}
    ),
    "one key's signature under another's name": ec_signer().token({"kid": "rsa-1"}),
    "an algorithm that is not allowed": jwt.encode(
        {"sub": "mia"}, rsa_signer().private, "PS256", {"kid": "rsa-1"}
    ),
    "a path as the key's id": rsa_signer().token({"kid": "../../../dev/null"}),
    "SQL as the key's id": rsa_signer().token({"kid": "' or 1=1 --"}),
    "an object as the key's id": _forged({"alg": "RS256", "kid": {"$ne": ""}}),
    "a list as the key's id": _forged({"alg": "RS256", "kid": ["rsa-1"]}),
    "an extension that must be understood": rsa_signer().token({"crit": ["exp"], "exp": 1}),
    "a body outside of the token": _forged({"alg": "RS256", "kid": "rsa-1", "b64": False}),
    "another issuer": rsa_signer().token(iss="https://login.example.com.attacker.net"),
    "another audience": rsa_signer().token(aud="another-service"),
    "no audience": rsa_signer().token(aud=None),
    "no issuer": rsa_signer().token(iss=None),
    "no end": rsa_signer().token(exp=None),
    "no subject": rsa_signer().token(sub=None),
    "a subject that is no text": rsa_signer().token(sub=7),
    "ended": rsa_signer().token(exp=int(time.time()) - HOUR),
    "an end that is no time": rsa_signer().token(exp="tomorrow"),
    "not yet begun": rsa_signer().token(nbf=int(time.time()) + HOUR),
    "longer than any token": rsa_signer().token(filler="x" * LARGEST_TOKEN),
    "nested deeply": f"{_base64(b'[' * 3_000)}.{_base64(b'{}')}.",
    "five parts, as encrypted ones have": "a.b.c.d.e",
}


@pytest.mark.parametrize("signer", [rsa_signer(), ec_signer()], ids=lambda one: one.algorithm)
async def test_the_provider_s_token_says_who_it_is(signer: Signer) -> None:
    claims = await TOKENS.claims(signer.token())
    assert claims is not None
    assert (claims["sub"], claims["role"], claims["team"]) == ("mia", "manager", "sales")


async def test_a_token_for_several_services_is_for_us_too() -> None:
    assert await TOKENS.claims(rsa_signer().token(aud=["another-service", AUDIENCE]))


@pytest.mark.parametrize(("claim", "seconds"), [("exp", -5), ("nbf", 5)])
async def test_clocks_may_differ_a_little(claim: str, seconds: int) -> None:
    assert await TOKENS.claims(rsa_signer().token(**{claim: int(time.time()) + seconds}))


@pytest.mark.parametrize("token", ATTACKS.values(), ids=ATTACKS.keys())
async def test_an_attack_is_nobody_s_token(token: str) -> None:
    assert await TOKENS.claims(token) is None


@given(at=st.integers(min_value=0), put=st.characters(codec="utf-8"))
async def test_an_altered_token_never_says_anything_else(at: int, put: str) -> None:
    """Some letters at the end of a base64 text mean nothing; no other may change."""
    token = ec_signer().token(exp=4_000_000_000, iat=1)
    place = at % len(token)
    claims = await TOKENS.claims(token[:place] + put + token[place + 1 :])
    assert claims is None or claims == await TOKENS.claims(token)


@given(st.one_of(st.text(), st.from_regex(r"[\w-]{0,40}\.[\w-]{0,40}\.[\w-]{0,40}")))
async def test_no_text_makes_the_check_raise(text: str) -> None:
    assert await TOKENS.claims(text) is None


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"jwks": None}, "exactly one of jwks and jwks_url"),
        ({"jwks_url": "https://login.example.com/jwks"}, "exactly one of jwks and jwks_url"),
        ({"jwks": None, "jwks_url": "http://login.example.com/jwks"}, "must be an https:// URL"),
        ({"jwks": None, "jwks_url": "file:///etc/passwd"}, "must be an https:// URL"),
        ({"jwks": {"keys": []}}, "did not contain any keys"),
        ({"jwks": {"keys": [SECRET]}}, "no key has an id and one of the algorithms RS256, ES256"),
        ({"algorithms": ["HS256"]}, "algorithms"),
        ({"algorithms": ["none"]}, "algorithms"),
        ({"algorithms": []}, "algorithms"),
        ({"issuer": ""}, "issuer"),
        ({"audiences": ["a"]}, "audiences"),
    ],
)
def test_a_configuration_that_would_let_anybody_in_is_refused(
    changes: dict[str, Any], named: str
) -> None:
    with pytest.raises(ValidationError, match=named):
        Oidc.model_validate({**OIDC.model_dump(), **changes})
