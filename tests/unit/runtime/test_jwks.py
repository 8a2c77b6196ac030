"""When the provider's keys are fetched, what is done without them, and who cannot make us ask."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from services.runtime.access import jwks
from services.runtime.access.jwks import FRESH_SECONDS, UNKNOWN_SECONDS, FetchedKeys
from services.runtime.doors.problem import Problem
from tests.provider import ec_signer, key_set, rsa_signer

ALGORITHMS = ("RS256", "ES256")
OLD, NEW = rsa_signer(), ec_signer()


@dataclass
class Provider:
    """What the provider answers, and how often it was asked."""

    url: str = ""
    status: int = 200
    body: bytes = json.dumps(key_set(OLD)).encode()
    asked: int = 0
    hang: threading.Event = field(default_factory=threading.Event)


@dataclass
class Clock:
    """A clock that is moved by hand."""

    now: float = 1_000.0

    def __call__(self) -> float:
        """The time."""
        return self.now


@pytest.fixture
def provider() -> Iterator[Provider]:
    """A provider that publishes the old key."""
    told = Provider()
    told.hang.set()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked += 1
            told.hang.wait(10)
            self.send_response(told.status)
            self.send_header("Location", "/elsewhere")
            self.end_headers()
            with suppress(BrokenPipeError):  # who asked had waited long enough
                self.wfile.write(told.body)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        told.url = f"http://127.0.0.1:{server.server_port}/jwks"
        serving = threading.Thread(target=server.serve_forever, args=(0.01,))
        serving.start()
        yield told
        told.hang.set()
        server.shutdown()
        serving.join()


@pytest.fixture
def clock() -> Clock:
    """A clock that stands."""
    return Clock()


@pytest.fixture
def keys(provider: Provider, clock: Clock) -> FetchedKeys:
    """The provider's keys, not yet fetched."""
    return FetchedKeys(provider.url, ALGORITHMS, clock)


async def test_the_set_is_fetched_once_however_many_ask(
    provider: Provider, keys: FetchedKeys
) -> None:
    found = await asyncio.gather(*(keys.key(OLD.kid) for _ in range(20)))
    assert {one.key_id for one in found if one} == {OLD.kid}
    assert provider.asked == 1


async def test_a_new_key_is_learned_when_it_is_first_used(
    provider: Provider, keys: FetchedKeys, clock: Clock
) -> None:
    await keys.key(OLD.kid)
    provider.body = json.dumps(key_set(OLD, NEW)).encode()
    clock.now += UNKNOWN_SECONDS
    assert await keys.key(NEW.kid)
    assert provider.asked == 2


async def test_unknown_key_ids_make_us_ask_once_a_minute_at_most(
    provider: Provider, keys: FetchedKeys, clock: Clock
) -> None:
    await keys.key(OLD.kid)
    for minute in range(1, 4):
        clock.now += UNKNOWN_SECONDS
        assert [await keys.key(f"{minute}-{n}") for n in range(50)] == [None] * 50
    assert provider.asked == 1 + 3


async def test_a_withdrawn_key_is_forgotten_within_the_hour(
    provider: Provider, keys: FetchedKeys, clock: Clock
) -> None:
    await keys.key(OLD.kid)
    provider.body = json.dumps(key_set(NEW)).encode()
    clock.now += FRESH_SECONDS
    assert await keys.key(OLD.kid) is None


@pytest.mark.parametrize(
    ("status", "body"),
    [(500, b""), (302, b""), (200, b"<html>"), (200, b"[]"), (200, b"{}"), (200, b" " * 300_000)],
    ids=["failure", "redirect", "no JSON", "no set", "no keys", "too large"],
)
async def test_what_was_fetched_last_serves_while_the_provider_fails(
    provider: Provider, keys: FetchedKeys, clock: Clock, status: int, body: bytes
) -> None:
    await keys.key(OLD.kid)
    good, (provider.status, provider.body) = provider.body, (status, body)
    clock.now += FRESH_SECONDS
    assert await keys.key(OLD.kid)
    assert provider.asked == 2
    provider.status, provider.body = 200, good
    assert await keys.key(OLD.kid)
    assert provider.asked == 2
    clock.now += UNKNOWN_SECONDS
    assert await keys.key(OLD.kid)
    assert provider.asked == 3


async def test_without_any_key_nobody_is_called_unknown(
    provider: Provider, keys: FetchedKeys
) -> None:
    provider.status = 503
    for _ in range(2):
        with pytest.raises(Problem) as refused:
            await keys.key(OLD.kid)
        assert (refused.value.status_code, refused.value.type) == (503, "identity-provider-away")
    assert provider.asked == 1


async def test_a_provider_that_does_not_answer_is_not_waited_for(
    provider: Provider, keys: FetchedKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jwks, "TIMEOUT_SECONDS", 0.05)
    provider.hang.clear()
    with pytest.raises(Problem):
        await keys.key(OLD.kid)
