"""Requests made from each door's own description, good and bad: no answer surprises its reader.

No 5xx, no status and no shape that the description does not have, and what the description
forbids is refused. The requests are the same in every run.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode, openapi, serializer
from schemathesis.checks import CHECKS, load_all_checks

from services.ingest.shopify_api import SIGNATURE
from services.runtime.access.security import hmac_sha256_base64
from tests.integration.ingest.harness import SHOPIFY_SECRETS
from tests.integration.openapi.doors import BASE, BUILDS, credential, door
from tests.integration.openapi.there import made

EXAMPLES = 20
AT_ONCE = 8
"""Of a thousand edges: most of their time is the database's commit, which they then share."""
NOBODY = UUID(int=0)
NAMES = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "unsupported_method",
    "allow_header_conformance",
)
"""Those that hold for every API: the others send requests themselves, or know no rule of ours."""
load_all_checks()
CHECKED: Any = [CHECKS.get_one(name) for name in NAMES]
HARMLESS: Any = [CHECKS.get_one(name) for name in NAMES if name != "negative_data_rejection"]
STREAM = "/v1/queue/events"
"""It has no end, so no answer can be waited for: test_changes.py reads it."""
PARTS = frozenset({"method", "url", "headers", "data", "params", "cookies", "json", "files"})


@serializer("message/rfc822")
def mail(_: Any, value: Any) -> bytes:
    """A mail is sent as it is."""
    return value if isinstance(value, bytes) else str(value).encode()


def operations() -> list[Any]:
    """Every operation that a door describes, with the door's name."""
    described: list[tuple[str, Any]] = [
        (name, openapi.from_dict(asyncio.run(door(name).described()))) for name in BUILDS
    ]
    found = [
        (name, one)
        for name, schema in described
        for one in (operation.ok() for operation in schema.get_all_operations())
        if one.path != STREAM
    ]
    return [pytest.param(name, operation, id=operation.label) for name, operation in found]


def closed() -> list[Any]:
    """Those that ask for a credential: the link in a mail is its own."""
    return [one for one in operations() if "unsubscribe" not in one.values[1].path]


@pytest_asyncio.fixture
async def client(name: str, database: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the door."""
    async with door(name, database).opened() as client:
        yield client


@pytest_asyncio.fixture
async def there(name: str, client: httpx.AsyncClient, database: str) -> Mapping[str, Any]:
    """What can be asked about."""
    return await made(name, client, database)


@pytest.mark.parametrize(("name", "operation"), operations())
async def test_each_edge_of_the_description_is_answered_by_it(
    client: httpx.AsyncClient, there: Mapping[str, Any], operation: Any
) -> None:
    """Every bound and every type of every field, missed by one, and each method that is none."""
    schema = operation.schema
    edges = schema.iter_coverage_cases(
        operation,
        generation_modes=list(GenerationMode),
        generation_config=schema.config.generation,
    )
    places = asyncio.Semaphore(AT_ONCE)

    async def edge(case: Case[Any]) -> None:
        async with places:
            await answered(client, case)
            if case.meta and case.meta.generation.mode is GenerationMode.POSITIVE:
                await answered(client, about(case, there))

    await asyncio.gather(*map(edge, edges))


@pytest.mark.parametrize(("name", "operation"), operations())
@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data(), mode=st.sampled_from(list(GenerationMode)))
async def test_any_request_is_answered_by_the_description(
    client: httpx.AsyncClient,
    there: Mapping[str, Any],
    operation: Any,
    data: st.DataObject,
    mode: GenerationMode,
) -> None:
    case = data.draw(operation.as_strategy(generation_mode=mode))
    await answered(client, case)
    if mode is GenerationMode.POSITIVE:
        await answered(client, about(case, there))


@pytest.mark.parametrize(("name", "operation"), closed())
async def test_nothing_is_told_without_a_credential(
    client: httpx.AsyncClient, there: Mapping[str, Any], operation: Any
) -> None:
    path = operation.path.format_map(defaultdict(lambda: str(NOBODY), there))
    answer = await client.request(operation.method, f"{BASE}{path}")
    assert answer.status_code == httpx.codes.UNAUTHORIZED
    assert answer.headers["Content-Type"] == "application/problem+json"


def about(case: Case[Any], there: Mapping[str, Any]) -> Case[Any]:
    """The same, but about something that is there."""
    for id_ in case.path_parameters.keys() & there.keys():
        case.path_parameters[id_] = there[id_]
    if isinstance(case.body, dict) and isinstance(case.body.get("fence"), int):
        case.body |= {name: there[name] for name in case.body.keys() & there.keys()}
    return case


async def answered(client: httpx.AsyncClient, case: Case[Any]) -> None:
    """Send it with the caller's credential, and hold the answer to the description."""
    told = case.as_transport_kwargs(BASE, headers=credential(case.path))
    sent = requests.Request(**{name: told[name] for name in told.keys() & PARTS}).prepare()
    body: Any = sent.body.encode() if isinstance(sent.body, str) else sent.body or b""
    headers: dict[str, Any] = dict(sent.headers)
    if SIGNATURE in headers:
        headers[SIGNATURE] = hmac_sha256_base64(SHOPIFY_SECRETS[0].encode(), body)
    url = str(sent.url)
    answer = await client.request(case.method, url, headers=headers, content=body)
    case.validate_response(answer, checks=HARMLESS if harmless(case) else CHECKED)


def harmless(case: Case[Any]) -> bool:
    """Whether all that is wrong with it is mended by the credential or signature that is sent
    along, or an unknown query parameter, which every door passes over."""
    told = case.meta and case.meta.phase.data
    wrong: Sequence[Any] = getattr(told, "mutations", ())
    return getattr(told, "parameter", None) == SIGNATURE or (
        bool(wrong)
        and all(
            one.parameter == SIGNATURE
            or (one.parameter_location == "query" and one.keywords == ("additionalProperties",))
            or (
                one.keywords == ("required",)
                and "Authorization" in f"{one.parameter} {one.original_value}"
            )
            for one in wrong
        )
    )
