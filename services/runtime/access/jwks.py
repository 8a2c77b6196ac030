"""The public keys of an OpenID Connect provider: from the configuration, never from a token."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Protocol

import httpx
import orjson
import structlog
from jwt import PyJWK, PyJWKSet, PyJWKSetError

from services.runtime.doors.problem import Problem

TIMEOUT_SECONDS: Final = 5.0
LARGEST_BYTES: Final = 262_144
"""A key set is a few kilobytes; whoever sends more is no provider."""
FRESH_SECONDS: Final = 3_600.0
"""After this long the set is fetched anew, so that a key which was withdrawn is forgotten."""
UNKNOWN_SECONDS: Final = 60.0
"""How seldom a key id that nobody knows, or a failure, makes us ask: a stranger may send any."""
RETRY_SECONDS: Final = 5

log = structlog.get_logger()


class KeySet(Protocol):
    """Where a token's key is looked up."""

    async def key(self, kid: str) -> PyJWK | None:
        """The key of that id; None where there is none, whatever the token says of it."""


class GivenKeys:
    """Keys that were given with the configuration; another set needs another start."""

    def __init__(self, jwks: Mapping[str, Any], algorithms: Sequence[str]) -> None:
        self._keys = usable(jwks, algorithms)

    async def key(self, kid: str) -> PyJWK | None:
        """The key of that id."""
        return self._keys.get(kid)


class FetchedKeys:
    """Keys fetched from `url`, which is configured; what was fetched last serves through outages.

    Redirects are not followed: they would lead where nobody configured.
    """

    def __init__(
        self, url: str, algorithms: Sequence[str], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._url, self._algorithms, self._clock = url, algorithms, clock
        self._keys: Mapping[str, PyJWK] | None = None
        self._fetched = self._tried = float("-inf")
        self._turn = asyncio.Lock()

    async def key(self, kid: str) -> PyJWK | None:
        """The key of that id. Raises Problem 503 while no set could be fetched yet.

        A known key waits for no fetch but the one that it causes; an unknown one waits for any.
        """
        if not self._serves(kid):
            async with self._turn:
                if self._may_ask() and not self._serves(kid):
                    await self._fetch()
        if self._keys is None:
            raise provider_away(
                "Tokens cannot be checked now",
                "The keys of the identity provider could not be fetched.",
                "an API key",
            )
        return self._keys.get(kid)

    def _serves(self, kid: str) -> bool:
        known = self._keys is not None and kid in self._keys
        return known and (self._clock() - self._fetched < FRESH_SECONDS or not self._may_ask())

    def _may_ask(self) -> bool:
        return self._clock() - self._tried >= UNKNOWN_SECONDS

    async def _fetch(self) -> None:
        self._tried = self._clock()
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                self._keys = usable(orjson.loads(await _read(self._url)), self._algorithms)
        except (httpx.HTTPError, OSError, ValueError, PyJWKSetError) as error:
            log.warning("key set not fetched", error=type(error).__name__)
        else:
            self._fetched = self._tried


def usable(jwks: object, algorithms: Sequence[str]) -> Mapping[str, PyJWK]:
    """The signature keys of a JWK set (RFC 7517) whose algorithm is allowed, by their id.

    A key that names no algorithm has that of its type and curve: RS256 for RSA. Raises
    PyJWKSetError, a ValueError where it is no set, if none is usable.
    """
    if not isinstance(jwks, Mapping):
        raise ValueError("a JWK set is a JSON object")
    found = {
        key.key_id: key
        for key in PyJWKSet.from_dict(dict(jwks)).keys
        if key.key_id and key.public_key_use != "enc" and key.algorithm_name in algorithms
    }
    if not found:
        raise PyJWKSetError(f"no key has an id and one of the algorithms {', '.join(algorithms)}")
    return found


async def _read(url: str) -> bytes:
    read = bytearray()
    async with (
        httpx.AsyncClient(timeout=TIMEOUT_SECONDS) as client,
        client.stream("GET", url, headers={"Accept": "application/json"}) as answer,
    ):
        if answer.status_code != httpx.codes.OK:
            raise ValueError(f"status {answer.status_code}")
        async for chunk in answer.aiter_bytes():
            read += chunk
            if len(read) > LARGEST_BYTES:
                raise ValueError(f"more than {LARGEST_BYTES} bytes")
    return bytes(read)


def provider_away(title: str, why: str, instead: str) -> Problem:
    """The provider does not answer; who needs it now may use `instead`."""
    return Problem(
        503,
        "identity-provider-away",
        title,
        f"{why} Try again in {RETRY_SECONDS} seconds, or use {instead}.",
        {"Retry-After": str(RETRY_SECONDS)},
    )
