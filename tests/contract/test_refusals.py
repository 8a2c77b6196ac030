"""Every way of being wrong has its code; what was sent is never told."""

import json
from typing import get_args

import pytest

from schemas.codec import ErrorCode, Message, Undecodable, decode
from schemas.strict_json import written
from schemas.topics import LEAD_EVENTS, MQL_RECEIVED, SQL_ACK, Topic
from tests.contract.examples import example
from tests.contract.test_headers import CREATED, MQL, with_headers


def structured(body: object) -> Message:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Message(None, raw, (("content-type", b"application/cloudevents+json"),))


def mql(value: bytes | None) -> Message:
    return Message(None, value, MQL.headers)


EVENT = example("mql-received-foreign-id").body
ACK = example("handoff-answered-rejected").body
NO_DATA = {name: value for name, value in EVENT.items() if name != "data"}
NESTED = b"[" * 100_000 + b"]" * 100_000

CASES: dict[str, tuple[Topic, Message, ErrorCode]] = {
    "no-headers": (LEAD_EVENTS, Message(b"k", b"{}"), "no-envelope"),
    "no-id": (LEAD_EVENTS, with_headers(CREATED, ce_id=None), "no-envelope"),
    "empty-source": (LEAD_EVENTS, with_headers(CREATED, ce_source=b""), "no-envelope"),
    "nul-in-source": (LEAD_EVENTS, with_headers(CREATED, ce_source=b"a\0b"), "no-envelope"),
    "long-source": (LEAD_EVENTS, with_headers(CREATED, ce_source=b"a" * 501), "no-envelope"),
    "bad-sequence": (LEAD_EVENTS, with_headers(CREATED, ce_sequence=b"x"), "no-envelope"),
    "source-not-utf8": (LEAD_EVENTS, with_headers(CREATED, ce_source=b"\xff"), "not-utf8"),
    "id-not-utf8": (LEAD_EVENTS, with_headers(CREATED, ce_id=b"\xff"), "not-utf8"),
    "cause-not-utf8": (LEAD_EVENTS, with_headers(CREATED, ce_causationid=b"\xff"), "not-utf8"),
    "unknown-type": (LEAD_EVENTS, with_headers(CREATED, ce_type=b"touch-planned"), "unknown-type"),
    "type-not-utf8": (LEAD_EVENTS, with_headers(CREATED, ce_type=b"\xff"), "unknown-type"),
    "newer-version": (
        LEAD_EVENTS,
        with_headers(CREATED, ce_dataschema=b"urn:touchline:schema:lead-created:2"),
        "unknown-version",
    ),
    "other-specversion": (
        LEAD_EVENTS, with_headers(CREATED, ce_specversion=b"0.3"), "unknown-version",
    ),
    "tombstone": (LEAD_EVENTS, Message(b"k", None, CREATED.headers), "invalid"),
    "fact-not-json": (LEAD_EVENTS, Message(b"k", b"{", CREATED.headers), "not-json"),
    "fact-not-utf8": (LEAD_EVENTS, Message(b"k", b'{"\xff', CREATED.headers), "not-utf8"),
    "fact-nested": (LEAD_EVENTS, Message(b"k", NESTED, CREATED.headers), "not-json"),
    "fact-empty": (LEAD_EVENTS, Message(b"k", b"", CREATED.headers), "not-json"),
    "fact-a-list": (LEAD_EVENTS, Message(b"k", b"[]", CREATED.headers), "invalid"),
    "empty": (MQL_RECEIVED, mql(b""), "not-json"),
    "utf-16": (MQL_RECEIVED, mql('{"external_id": "a"}'.encode("utf-16")), "not-utf8"),
    "nested": (MQL_RECEIVED, mql(NESTED), "not-json"),
    "nan": (MQL_RECEIVED, mql(b'{"external_id": "a", "score": NaN}'), "not-json"),
    "key-twice": (MQL_RECEIVED, mql(b'{"external_id": "a", "external_id": "b"}'), "invalid"),
    "huge-number": (MQL_RECEIVED, mql(b'{"external_id": "a", "score": %s}' % (b"9" * 5000)),
                    "not-json"),
    "big-number": (MQL_RECEIVED, mql(b'{"external_id": "a", "score": %s}' % (b"9" * 50)),
                   "invalid"),
    "nul-in-text": (MQL_RECEIVED, mql(b'{"external_id": "a\\u0000b"}'), "invalid"),
    "lone-surrogate": (MQL_RECEIVED, mql(b'{"external_id": "\\ud800"}'), "not-json"),
    "misspelt-field": (MQL_RECEIVED, mql(b'{"external_id": "a", "emial": "b"}'), "invalid"),
    "misspelt-channel": (
        MQL_RECEIVED, mql(b'{"external_id": "a", "consent": {"emial": "denied"}}'), "invalid",
    ),
    "nobody": (MQL_RECEIVED, mql(b"{}"), "invalid"),
    "far-future": (MQL_RECEIVED,
                   mql(b'{"external_id": "a", "occurred_at": "9999-12-31T23:59:59Z"}'), "invalid"),
    "no-offset": (MQL_RECEIVED,
                  mql(b'{"external_id": "a", "occurred_at": "2026-01-01T00:00:00"}'), "invalid"),
    "event-not-json": (MQL_RECEIVED, structured(b"{"), "not-json"),
    "event-no-value": (MQL_RECEIVED, Message(None, None, structured(b"").headers), "not-json"),
    "event-not-utf8": (MQL_RECEIVED, structured(b'{"\xff": 1}'), "not-utf8"),
    "event-nested": (MQL_RECEIVED, structured(NESTED), "not-json"),
    "event-a-list": (MQL_RECEIVED, structured([]), "no-envelope"),
    "event-type-a-list": (MQL_RECEIVED, structured({**EVENT, "type": ["mql-received"]}),
                          "no-envelope"),
    "event-source-surrogate": (MQL_RECEIVED, structured({**EVENT, "source": "\ud800"}),
                               "not-utf8"),
    "event-id-surrogate": (MQL_RECEIVED, structured({**EVENT, "id": "\ud800"}), "not-utf8"),
    "event-without-data": (MQL_RECEIVED, structured(NO_DATA), "invalid"),
    "event-data-null": (MQL_RECEIVED, structured({**EVENT, "data": None}), "invalid"),
    "event-bad-base64": (MQL_RECEIVED, structured({**NO_DATA, "data_base64": "%"}), "invalid"),
    "event-base64-number": (MQL_RECEIVED, structured({**NO_DATA, "data_base64": 1234}), "invalid"),
    "event-base64-umlaut": (MQL_RECEIVED, structured({**NO_DATA, "data_base64": "ä"}), "invalid"),
    "unreasoned-rejection": (
        SQL_ACK,
        structured({**ACK, "data": {**ACK["data"], "reason_code": None}}),
        "invalid",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_is_wrong_is_told_by_its_code(case: str) -> None:
    topic, message, code = CASES[case]
    with pytest.raises(Undecodable) as caught:
        decode(message, topic.messages)
    assert caught.value.code == code
    assert str(caught.value) == f"{code}: {caught.value.reason}"


def test_every_code_is_reached() -> None:
    assert {code for _, _, code in CASES.values()} == set(get_args(ErrorCode))


def reason(topic: Topic, message: Message) -> str:
    with pytest.raises(Undecodable) as caught:
        decode(message, topic.messages)
    return caught.value.reason


def test_a_misspelt_field_is_named() -> None:
    assert reason(*CASES["misspelt-field"][:2]).startswith("emial: ")


def test_an_unknown_key_that_looks_like_no_field_is_not_told() -> None:
    told = reason(MQL_RECEIVED, mql(b'{"external_id": "a", "ada@example.com": true}'))
    assert told.startswith("an unknown key: ")
    assert "ada" not in told


def test_a_wrong_field_is_named_by_its_path() -> None:
    told = reason(MQL_RECEIVED, mql(b'{"external_id": "a", "consent": {"call": "maybe"}}'))
    assert told.startswith("consent.call: ")


def test_the_character_that_spoilt_an_id_is_not_told() -> None:
    body = {**ACK, "data": {**ACK["data"], "handoff_id": "zzz"}}
    assert reason(SQL_ACK, structured(body)) == "handoff_id: Input should be a valid UUID"


def test_the_known_types_are_named() -> None:
    assert "lead-created" in reason(*CASES["unknown-type"][:2])


def test_what_python_could_nest_but_not_write_is_refused() -> None:
    nested: list[object] = []
    for _ in range(100_000):
        nested = [nested]
    with pytest.raises(Undecodable, match="nested too deeply"):
        written(nested)
