"""Bad input at the doors: the right problem, the bytes in quarantine where the sender is known."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from itertools import product

import httpx
import orjson
import pytest

from schemas.topics import QUARANTINE
from services.runtime.access.security import hmac_sha256_base64
from tests.integration.ingest.harness import SHOPIFY_SECRETS, SOURCE_KEY, Ingest

GOOD = b'{"email": "ann@acme.example", "first_name": "Ann"}'


@dataclass(frozen=True)
class Bad:
    """A body or a header that is wrong, and what ingest makes of it."""

    status: int
    problem: str
    raw: bytes = GOOD
    quarantine: list[str] = field(default_factory=list)
    headers: tuple[tuple[str, str], ...] = ()
    key: str | None = "key-1"


DOORS = (
    ("POST", "/v1/leads"),
    ("POST", "/v1/events"),
    ("POST", "/v1/do-not-contact"),
    ("PUT", "/v1/playbook"),
)
BODIES = {
    "empty": Bad(400, "not-json", b"", ["not-json"]),
    "form": Bad(400, "not-json", b"email=ann%40acme.example", ["not-json"]),
    "cut off": Bad(400, "not-json", GOOD[:-3], ["not-json"]),
    "two documents": Bad(400, "not-json", GOOD + GOOD, ["not-json"]),
    "NaN": Bad(400, "not-json", b'{"email": "a@b.example", "id": NaN}', ["not-json"]),
    "deep nesting": Bad(400, "not-json", b"[" * 100_000, ["not-json"]),
    "Latin-1": Bad(400, "not-utf8", b'{"email": "j\xf6@b.example"}', ["not-utf8"]),
    "UTF-16": Bad(400, "not-utf8", '{"email": "a@b.example"}'.encode("utf-16"), ["not-utf8"]),
    "duplicate key": Bad(
        422,
        "invalid",
        b'{"email": "a@b.example", "email": "c@d.example"}',
        ["invalid"],
    ),
    "wrong type": Bad(422, "invalid", b'{"email": ["a@b.example"]}', ["invalid"]),
    "NUL": Bad(
        422,
        "invalid",
        b'{"id": 7, "email": "a@b.example", "first_name": "A\\u0000"}',
        ["invalid"],
    ),
    "half a surrogate": Bad(422, "invalid", b'{"id": 7, "first_name": "\\ud800"}', ["invalid"]),
    "text": Bad(422, "invalid", b'"ann@acme.example"', ["invalid"]),
    "null": Bad(422, "invalid", b"null", ["invalid"]),
    "nobody": Bad(422, "invalid", b"{}", ["invalid"]),
    "too large": Bad(413, "body-too-large", b'"' + b"a" * 900_000 + b'"'),
    "packed": Bad(415, "not-plain-json", headers=(("content-encoding", "gzip"),)),
    "not said to be JSON": Bad(415, "not-plain-json", headers=(("content-type", "text/plain"),)),
    "no key": Bad(400, "no-dedupe-key", key=None),
    "empty key": Bad(400, "no-dedupe-key", key=""),
    "long key": Bad(400, "no-dedupe-key", key="k" * 201),
    "key with a space": Bad(400, "no-dedupe-key", key="key 1"),
}
LEADS = {
    "empty list": Bad(422, "invalid", b"[]", ["invalid"]),
    "101 leads": Bad(422, "invalid", orjson.dumps([{"email": "a@b.example"}] * 101), ["invalid"]),
    "misspelt field": Bad(
        422,
        "invalid",
        b'{"email": "a@b.example", "frist_name": "A"}',
        ["invalid"],
    ),
    "infinite": Bad(422, "invalid", b'{"email": "a@b.example", "score": 1e999}', ["invalid"]),
    "one wrong of two": Bad(422, "invalid", b'[{"email": "a@b.example"}, {}]', ["invalid"]),
}
WEBHOOKS = {
    "list": Bad(422, "invalid", b"[]", ["invalid"]),
    "unknown topic": Bad(422, "unknown-topic", headers=(("x-shopify-topic", "carts/update"),)),
    "no topic": Bad(422, "unknown-topic", headers=(("x-shopify-topic", ""),)),
}


async def check(ingest: Ingest, bad: Bad, answer: httpx.Response, source: str) -> None:
    """The problem says what is wrong, and the bytes lie in quarantine where they should."""
    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, problem["status"]) == (bad.status, bad.status)
    assert problem["type"].endswith(f":{bad.problem}")
    assert problem["detail"]
    await check_quarantine(ingest, bad, source, problem["detail"])


async def check_set_aside(ingest: Ingest, bad: Bad, answer: httpx.Response) -> None:
    """What a repetition cannot mend: after eight refusals Shopify takes the subscription away."""
    told = answer.json()
    assert (answer.status_code, told["status"]) == (202, "set aside")
    await check_quarantine(ingest, bad, "shopify", told["reason"])


async def check_quarantine(ingest: Ingest, bad: Bad, source: str, told: str) -> None:
    """The bytes, and why."""
    aside = await ingest.quarantined()
    assert [one.headers["quarantine_code"] for one in aside] == bad.quarantine
    for one in aside:
        assert one.message.value == bad.raw
        assert one.headers["quarantine_source"] == source
        assert one.headers["quarantine_reason"] in told
    await ingest.rows("delete from ingest.outbox where topic = %s", QUARANTINE.name)


async def check_goes_on(ingest: Ingest) -> None:
    """Nothing of what was bad came in, and what is good does."""
    assert await ingest.untouched()
    assert (await ingest.leads(GOOD, "a-good-one")).status_code == 202


async def test_bad_leads(ingest: Ingest, subtests: pytest.Subtests) -> None:
    for name, bad in (BODIES | LEADS).items():
        with subtests.test(name):
            answer = await ingest.leads(bad.raw, bad.key, **dict(bad.headers))
            await check(ingest, bad, answer, "webshop")
    await check_goes_on(ingest)


async def test_bad_webhooks(ingest: Ingest, subtests: pytest.Subtests) -> None:
    for name, bad in (BODIES | WEBHOOKS).items():
        with subtests.test(name):
            answer = await ingest.webhook(bad.raw, bad.key or "", **dict(bad.headers))
            if bad.quarantine:
                await check_set_aside(ingest, bad, answer)
            else:
                await check(ingest, bad, answer, "shopify")
    await check_goes_on(ingest)


async def test_strangers_leave_nothing(ingest: Ingest, subtests: pytest.Subtests) -> None:
    strangers = [None, "", "Bearer", f"Basic {SOURCE_KEY}", "Bearer a stranger's key"]
    for (method, path), presented in product(DOORS, strangers):
        with subtests.test(f"{path} {presented}"):
            headers = {"idempotency-key": "key-1"}
            if presented is not None:
                headers["authorization"] = presented
            answer = await ingest.client.request(method, path, content=b"{", headers=headers)
            assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
            assert answer.headers["content-type"] == "application/problem+json"
    await check_goes_on(ingest)


async def test_what_is_not_there(ingest: Ingest) -> None:
    by_path = await ingest.client.post("/v1/lead")
    by_method = await ingest.client.get("/v1/leads")

    assert (by_path.status_code, by_method.status_code) == (404, 405)
    assert by_path.headers["content-type"] == "application/problem+json"
    assert by_method.headers["content-type"] == "application/problem+json"


async def test_a_chunked_body_of_no_known_length_is_cut_off(ingest: Ingest) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"a" * 65_536

    headers = {"authorization": f"Bearer {SOURCE_KEY}", "idempotency-key": "key-1"}
    answer = await ingest.client.post("/v1/leads", content=endless(), headers=headers)

    assert answer.status_code == 413


async def test_a_problem_never_repeats_a_value(ingest: Ingest) -> None:
    raw = b'{"id": 7, "email": "canary", "phone": "canary"}'
    signature = hmac_sha256_base64(SHOPIFY_SECRETS[0].encode(), raw)

    by_form = await ingest.leads(raw)
    by_shop = await ingest.webhook(raw, **{"x-shopify-hmac-sha256": signature})

    assert (by_form.status_code, by_shop.status_code) == (422, 202)
    assert "canary" not in by_form.text + by_shop.text


async def test_the_doors_are_described(ingest: Ingest) -> None:
    """They read raw bytes, so the description is written by hand and could fall behind."""
    described = (await ingest.client.get("/openapi.json")).json()

    doors = {(method, path) for path, methods in described["paths"].items() for method in methods}
    schemes = described["components"]["securitySchemes"]
    assert doors == {
        ("get", "/v1/playbook"),
        ("post", "/v1/do-not-contact"),
        ("post", "/v1/enrolment-moves"),
        ("post", "/v1/events"),
        ("post", "/v1/leads"),
        ("post", "/v1/webhooks/shopify"),
        ("put", "/v1/playbook"),
    }
    for _, path in DOORS:
        for operation in described["paths"][path].values():
            assert [name for named in operation["security"] for name in named] == list(schemes)
