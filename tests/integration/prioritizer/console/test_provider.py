"""Signing in at the identity provider: the way there and back, and every answer that is none."""

import re
import socket
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Page, async_playwright, expect

from services.prioritizer.console.login import BEGUN, THERE
from services.prioritizer.console.session import COOKIE
from services.runtime.doors.door import Door
from tests.integration.prioritizer.console.desk import BASE, app, browser_of
from tests.integration.prioritizer.console.identity_provider import CLIENT, IdentityProvider
from tests.integration.prioritizer.console.test_accessible import accessible
from tests.integration.prioritizer.decisions import TEAM
from tests.integration.prioritizer.queue import Queue
from tests.provider import rsa_signer


@pytest_asyncio.fixture
async def provider() -> AsyncIterator[IdentityProvider]:
    """The provider's own door."""
    async with IdentityProvider().opened() as opened:
        opened.claims["team"] = TEAM
        yield opened


@pytest_asyncio.fixture
async def visitor(queue: Queue, provider: IdentityProvider) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that follows where it is sent, before a console that takes the provider's word."""
    async with browser_of(app(queue, oidc=provider.oidc(BASE))) as client:
        yield client


async def way_back(visitor: httpx.AsyncClient) -> str:
    """Go to the provider, and answer with the address that it sends the browser back to."""
    there = await visitor.get(THERE, follow_redirects=False)
    async with httpx.AsyncClient() as other:
        page = await other.get(there.headers["Location"])
    [back] = re.findall(r'href="([^"]+)"', page.text)
    return str(back)


async def test_whom_the_provider_names_is_signed_in(visitor: httpx.AsyncClient) -> None:
    assert THERE in (await visitor.get("/login")).text
    answer = await visitor.get(await way_back(visitor))

    assert answer.status_code == 200
    assert 'content="0;url=/"' in answer.text
    [session, begun] = answer.headers.get_list("Set-Cookie")
    assert all(part in session for part in (COOKIE, "HttpOnly", "SameSite=strict"))
    assert begun.startswith(f'{BEGUN}=""')
    assert "olga" in (await visitor.get("/")).text


@pytest.mark.parametrize(
    "change",
    [
        {"state": "another"},
        {"code": "another"},
        {"code": None, "error": "access_denied"},
    ],
    ids=["another's state", "another's code", "refused"],
)
async def test_an_answer_that_is_none_signs_nobody_in(
    visitor: httpx.AsyncClient, change: dict[str, str | None]
) -> None:
    back = urlsplit(await way_back(visitor))
    told = {name: values[0] for name, values in parse_qs(back.query).items()} | change
    answer = await visitor.get(back.path, params={k: v for k, v in told.items() if v})

    assert (answer.status_code, COOKIE in visitor.cookies) == (401, False)
    assert "That sign-in did not work out" in answer.text


@pytest.mark.parametrize("whose", ["nobody's", "another's"])
async def test_an_answer_to_another_browser_signs_nobody_in(
    visitor: httpx.AsyncClient, whose: str
) -> None:
    """As who is sent a stranger's link: the secrets are in the stranger's browser."""
    back = await way_back(visitor)
    visitor.cookies.clear()
    if whose == "another's":
        await visitor.get(THERE, follow_redirects=False)
    answer = await visitor.get(back)
    assert (answer.status_code, COOKIE in visitor.cookies) == (401, False)


@pytest.mark.parametrize(
    "claims",
    [{"nonce": "of another sign-in"}, {"aud": "touchline"}, {"sub": None}, {"iss": "http://x"}],
    ids=["nonce", "audience", "subject", "issuer"],
)
async def test_a_token_that_is_not_for_this_sign_in_signs_nobody_in(
    visitor: httpx.AsyncClient,
    provider: IdentityProvider,
    monkeypatch: pytest.MonkeyPatch,
    claims: dict[str, Any],
) -> None:
    def token(nonce: str) -> str:
        told: dict[str, Any] = {"aud": CLIENT, "nonce": nonce} | provider.claims | claims
        return rsa_signer().token(**told)

    monkeypatch.setattr(provider, "id_token", token)
    answer = await visitor.get(await way_back(visitor))
    assert (answer.status_code, COOKIE in visitor.cookies) == (401, False)


async def test_a_provider_that_does_not_answer_is_said_to_be_away(
    visitor: httpx.AsyncClient, provider: IdentityProvider
) -> None:
    provider.away = True
    answer = await visitor.get(await way_back(visitor))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert THERE in answer.text


async def test_who_is_no_rep_or_manager_is_told_so(
    visitor: httpx.AsyncClient, provider: IdentityProvider
) -> None:
    provider.claims["role"] = "analyst"
    await visitor.get(await way_back(visitor))
    assert (await visitor.get("/lists")).status_code == 403


async def test_a_session_ends_when_no_providers_word_is_taken_any_more(
    queue: Queue, visitor: httpx.AsyncClient
) -> None:
    await visitor.get(await way_back(visitor))
    async with browser_of(app(queue)) as later:
        later.cookies = visitor.cookies
        assert str((await later.get("/")).url).endswith("/login")


async def test_the_way_in_a_real_browser(
    chromium: str, queue: Queue, provider: IdentityProvider
) -> None:
    """Two sites, each with its own cookies' rules: the session is there on the first page."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    here = f"http://localhost:{port}"
    door = Door(app(queue, oidc=provider.oidc(here)), "127.0.0.1", port)
    await door.start()
    async with async_playwright() as playwright:
        driven = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page: Page = await driven.new_page()
        await page.goto(here)
        link = page.get_by_role("link", name="Sign in with your organisation")
        await expect(link).to_be_visible()
        await accessible(page, "login")
        await link.click()
        await page.get_by_role("link", name="It is me").click()
        await expect(page.get_by_text("olga")).to_be_visible()
        await expect(page.get_by_role("link", name="Next lead")).to_be_visible()
        await driven.close()
    await door.drain()
