"""Keys and signatures: published vectors, rotation, and bytes that mean harm."""

import hashlib
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.runtime.access.security import ApiKeys, bearer, hmac_sha256_base64, matches_any


def sha256(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


KEYS = ApiKeys({"crm": sha256("old"), "crm#2": sha256("new"), "dialer": sha256("other")})


@pytest.mark.parametrize(
    ("secret", "raw", "digest"),
    [
        (
            b"\x0b" * 20,
            b"Hi There",
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
        ),
        (
            b"Jefe",
            b"what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        ),
        (
            b"\xaa" * 131,
            b"Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
        ),
    ],
    ids=["rfc4231-1", "rfc4231-2", "rfc4231-6"],
)
def test_signatures_are_those_of_rfc_4231(secret: bytes, raw: bytes, digest: str) -> None:
    signature = hmac_sha256_base64(secret, raw)

    assert signature == b64encode(bytes.fromhex(digest)).decode()
    assert matches_any([b"another", secret], raw, signature)


def test_a_signature_of_other_bytes_or_by_another_secret_does_not_match() -> None:
    signature = hmac_sha256_base64(b"secret", b"body")

    assert not matches_any([b"secret"], b"body ", signature)
    assert not matches_any([b"other", b"secret2"], b"body", signature)
    assert not matches_any([], b"body", signature)
    assert not matches_any([b"secret"], b"body", None)


@pytest.mark.parametrize(("key", "name"), [("old", "crm"), ("new", "crm"), ("other", "dialer")])
def test_every_key_of_a_name_is_known_during_a_rotation(key: str, name: str) -> None:
    assert KEYS.name_of(key) == name


@pytest.mark.parametrize("key", [None, "", "OLD", "old ", sha256("old")])
def test_nobody_else_is_known(key: str | None) -> None:
    assert KEYS.name_of(key) is None


@given(st.text(st.characters(exclude_categories=())))
def test_no_header_makes_a_check_raise(hostile: str) -> None:
    """Surrogates included: a header may hold any byte."""
    assert KEYS.name_of(hostile) is None or hostile in {"old", "new", "other"}
    assert not matches_any([b"secret"], b"body", hostile)
    assert bearer(hostile) is None or hostile.lower().startswith("bearer ")


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ("Bearer abc", "abc"),
        ("bearer  abc ", "abc"),
        ("Bearer ", None),
        ("Basic abc", None),
        ("abc", None),
        (None, None),
    ],
)
def test_the_key_is_taken_from_a_bearer_header(header: str | None, key: str | None) -> None:
    assert bearer(header) == key
