"""Messages come out of PostgreSQL as they went in."""

from hypothesis import given
from hypothesis import strategies as st

from schemas.codec import Message
from services.runtime.outbox.frames import (
    Outgoing,
    pack,
    pack_headers,
    unpack,
    unpack_headers,
)

PART = st.none() | st.binary()
HEADERS = st.lists(st.tuples(st.text(st.characters(codec="utf-8")), PART)).map(tuple)
MESSAGE = st.builds(Message, PART, PART, HEADERS)
OUTGOING = st.builds(
    Outgoing, st.text("abc.", min_size=1), st.integers(min_value=0, max_value=99), MESSAGE
)


@given(HEADERS)
def test_headers_keep_order_and_repetition(headers: tuple[tuple[str, bytes], ...]) -> None:
    assert unpack_headers(pack_headers(headers)) == headers


@given(st.lists(OUTGOING))
def test_messages_come_back_as_they_were(messages: list[Outgoing]) -> None:
    assert unpack(pack(messages)) == messages


def test_no_message_takes_no_bytes() -> None:
    assert pack([]) == b""
