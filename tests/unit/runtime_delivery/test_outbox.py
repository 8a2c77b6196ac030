"""Where a row's key takes it: where every Kafka client would."""

import pytest

from schemas.codec import Message
from schemas.topics import LEAD_EVENTS
from services.runtime.outbox.outbox import Row, partition_of


@pytest.mark.parametrize(
    ("key", "partition"),
    [(b"21", 0), (b"foobar", 6), (b"a-little-bit-long-string", 8)],
)
def test_a_key_goes_where_the_java_client_sends_it(key: bytes, partition: int) -> None:
    """From the test vectors of Kafka's own murmur2: -973932308, -790332482, -985981536."""
    assert partition_of(Row(LEAD_EVENTS, Message(key, b"{}"))) == partition


def test_a_named_partition_is_kept() -> None:
    assert partition_of(Row(LEAD_EVENTS, Message(b"21", b"{}"), 3)) == 3
