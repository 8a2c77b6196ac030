"""What of quarantine may be put back, and as what."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.codec import Headers, Message
from schemas.topics import LEAD_EVENTS, MQL_RECEIVED, QUARANTINE
from services.runtime.fold.oversize import LARGEST
from services.runtime.fold.quarantine import FIRST_FAILED_AT, Refused, outgoing
from services.runtime.fold.redrive import Kept, kept, note, original
from services.runtime.outbox.frames import Outgoing

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
CAME: Headers = (("ce_id", b"one"), ("ce_source", b"/crm"))


@dataclass(frozen=True)
class Read:
    """A record as a Kafka client reads it."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Headers
    timestamp: int = 0


def bad(
    value: bytes = b"not JSON", headers: Headers = CAME, topic: str = MQL_RECEIVED.name
) -> Read:
    return Read(topic, 5, 40, b"key", value, headers)


def lying(sent: Outgoing, offset: int) -> Read:
    """What was sent to quarantine, as it is read there."""
    message = sent.message
    return Read(sent.topic, sent.partition, offset, message.key, message.value, message.headers)


def aside(record: Read, offset: int = 0) -> Read:
    return lying(outgoing(Refused(record, "not-json", "it is no JSON"), "ingest", AT), offset)


def only(*records: Read) -> Kept:
    (one,) = kept(records)
    return one


def test_a_record_is_put_back_as_it_came_to_where_it_came() -> None:
    back = original(only(aside(bad(), 17)))

    first_failed = (FIRST_FAILED_AT, AT.isoformat().encode())
    message = Message(b"key", b"not JSON", (*CAME, first_failed))
    assert back == Outgoing(MQL_RECEIVED.name, 5, message)


def test_what_fails_again_keeps_when_it_failed_first() -> None:
    back = original(only(aside(bad()))).message
    again = Refused(bad(back.value or b"", back.headers), "not-json", "still")
    failed = only(lying(outgoing(again, "ingest", datetime(2027, 1, 1, tzinfo=UTC)), 1))

    assert failed.told("first_failed_at") == AT.isoformat()
    assert original(failed).message == back


def test_what_was_put_back_is_known_by_the_note_and_not_put_back_again() -> None:
    first, second = aside(bad(), 17), aside(bad(), 18)
    noted = lying(note(only(first)), 19)

    assert (noted.topic, noted.partition) == (QUARANTINE.name, first.partition)
    assert [(one.id, one.redriven) for one in kept([first, second, noted])] == [
        ("5:17", True),
        ("5:18", False),
    ]
    with pytest.raises(ValueError, match=r"5:17: it was put back already"):
        original(kept([first, second, noted])[0])


@pytest.mark.parametrize(
    ("record", "obstacle"),
    [
        (aside(bad(topic=LEAD_EVENTS.name)), "only our services write sales.lead.events.v1"),
        (aside(bad(b"x" * (LARGEST + 1))), "a part of it was too large to be kept"),
        (
            Read(
                QUARANTINE.name, 0, 0, None, b"{", (
                    ("quarantine_door", b"/v1/leads"), ("quarantine_service", b"ingest"),
                ),
            ),
            "it came to /v1/leads; have its sender send it again",
        ),
    ],
    ids=["ours", "too large", "over HTTP"],
)  # fmt: skip
def test_what_cannot_be_put_back_says_what_to_do(record: Read, obstacle: str) -> None:
    assert (only(record).obstacle or "").startswith(obstacle)
    with pytest.raises(ValueError, match="0"):
        original(only(record))


FORGED = st.dictionaries(
    st.sampled_from(
        [
            "quarantine_redriven",
            "quarantine_door",
            "quarantine_topic",
            "quarantine_service",
            "quarantine_partition",
            "x",
        ]
    ),
    st.binary(max_size=8),
)


@given(FORGED)
def test_a_strangers_headers_deceive_nobody(forged: Mapping[str, bytes]) -> None:
    one = only(aside(bad(headers=tuple(forged.items()))))

    back = original(one)
    assert (back.topic, back.partition) == (MQL_RECEIVED.name, 5)
    assert back.message.value == b"not JSON"
