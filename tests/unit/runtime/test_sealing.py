"""What is sealed for one person can be read with that person's key, and in no other way."""

import base64
from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from services.runtime.vault import Unsealable, seal, unseal

KEYS = st.binary(min_size=32, max_size=32)


@given(KEYS, st.uuids(), st.binary())
def test_what_is_sealed_comes_back(key: bytes, subject: UUID, plain: bytes) -> None:
    assert unseal(key, subject, seal(key, subject, plain)) == plain


@given(KEYS, KEYS, st.uuids(), st.binary())
def test_another_key_does_not_open_it(
    key: bytes, other: bytes, subject: UUID, plain: bytes
) -> None:
    assume(key != other)

    with pytest.raises(Unsealable):
        unseal(other, subject, seal(key, subject, plain))


@given(KEYS, st.uuids(), st.uuids(), st.binary())
def test_it_cannot_be_put_in_another_persons_place(
    key: bytes, subject: UUID, other: UUID, plain: bytes
) -> None:
    assume(subject != other)

    with pytest.raises(Unsealable):
        unseal(key, other, seal(key, subject, plain))


@given(KEYS, st.uuids(), st.binary(), st.data())
def test_one_altered_bit_is_noticed(
    key: bytes, subject: UUID, plain: bytes, data: st.DataObject
) -> None:
    sealed = bytearray(base64.b64decode(seal(key, subject, plain)))
    bit = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[bit // 8] ^= 1 << bit % 8

    with pytest.raises(Unsealable):
        unseal(key, subject, base64.b64encode(sealed).decode())


@given(KEYS, st.uuids(), st.text())
def test_text_that_was_never_sealed_is_refused(key: bytes, subject: UUID, text: str) -> None:
    with pytest.raises(Unsealable):
        unseal(key, subject, text)


def test_the_same_words_never_look_the_same_twice() -> None:
    key, subject = bytes(32), UUID(int=1)

    assert seal(key, subject, b"Anna") != seal(key, subject, b"Anna")
