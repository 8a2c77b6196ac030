"""How a state is stored: as MessagePack under short names, with no word twice."""

from functools import lru_cache
from typing import Any

from msgspec import convert, json
from msgspec.msgpack import Decoder, Encoder

from engagement.cadence.brief import brief, whole
from engagement.cadence.digest import Digest
from engagement.cadence.short_names import shortened
from engagement.cadence.state import Active, State

_JSON = ord("{")


def load(stored: bytes) -> State:
    """The state that `dump` wrote, or that a release wrote which kept JSON, or digests as text."""
    if stored[0] == _JSON:
        old: State = convert(shortened(json.decode(stored)), State, dec_hook=_decoded)
        return old
    state = _states.decode(stored)
    return whole(state) if isinstance(state, Active) else state


def dump(state: State) -> bytes:
    """MessagePack, without what is as it was at first; a state always gives the same bytes."""
    return _encoder.encode(brief(state) if isinstance(state, Active) else state)


def _encoded(value: object) -> bytes:
    if isinstance(value, Digest):
        return _bytes_of(value)
    raise NotImplementedError


def _decoded(_: type, stored: Any) -> Digest:
    return _digest_of(stored)


@lru_cache(maxsize=4_096)
def _bytes_of(digest: Digest) -> bytes:
    return bytes.fromhex(digest)


@lru_cache(maxsize=4_096)
def _digest_of(stored: bytes | str) -> Digest:
    return Digest(stored if isinstance(stored, str) else stored.hex())


_states: Decoder[State] = Decoder(State, dec_hook=_decoded)
_encoder = Encoder(uuid_format="bytes", enc_hook=_encoded)
