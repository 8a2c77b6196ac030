"""What a probe and a scrape are told."""

import asyncio

import httpx
import pytest
from fastapi import FastAPI

from services.runtime.doors import health
from services.runtime.doors.health import Check
from services.runtime.process import metrics


async def get(
    path: str, checks: dict[str, Check], watched: dict[str, Check] | None = None
) -> httpx.Response:
    app = FastAPI()
    app.include_router(health.router(checks, watched or {}))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://door") as client:
        return await client.get(path)


async def fine() -> str | None:
    return None


async def ill() -> str | None:
    return "PostgreSQL does not answer"


async def asleep() -> str | None:
    await asyncio.Event().wait()
    return None


async def test_the_process_is_alive_whatever_it_waits_for() -> None:
    assert (await get("/healthz", {"database": ill})).status_code == 200


async def test_a_service_whose_checks_pass_is_ready() -> None:
    response = await get("/readyz", {"database": fine})

    assert response.status_code == 200
    assert response.json() == {"ready": True, "reasons": {}, "impaired": {}}


async def test_what_a_door_can_do_without_is_told_and_leaves_it_open() -> None:
    response = await get("/readyz", {"database": fine}, {"folds": ill})

    told = {"folds": "PostgreSQL does not answer"}
    assert response.status_code == 200
    assert response.json() == {"ready": True, "reasons": {}, "impaired": told}


async def test_a_service_that_is_not_ready_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "CHECK_SECONDS", 0.01)
    response = await get("/readyz", {"database": ill, "folds": asleep, "other": fine})

    assert response.status_code == 503
    assert response.json()["reasons"] == {
        "database": "PostgreSQL does not answer",
        "folds": "no answer within 0.01 seconds",
    }


async def test_every_metric_of_the_catalogue_is_scraped_with_its_sentence() -> None:
    text = (await get("/metrics", {})).text

    for metric in metrics.catalogue():
        family = metric.name.removesuffix("_total") if metric.kind == "counter" else metric.name
        exposed = {metric.name, family}
        assert any(f"# HELP {name} {metric.sentence}\n" in text for name in exposed), metric.name
        assert any(f"# TYPE {name} {metric.kind}\n" in text for name in exposed), metric.name


def test_the_catalogue_follows_the_fields_rules() -> None:
    named = [metric.name for metric in metrics.catalogue()]

    assert len(named) == len(set(named))
    for metric in metrics.catalogue():
        assert metric.name.startswith("touchline_")
        assert metric.sentence.endswith(".")
        assert metric.name.endswith("_total") == (metric.kind == "counter")
        assert not {"id", "lead", "email", "key", "rep"} & set(metric.labels)


def test_every_metric_object_is_in_the_catalogue() -> None:
    objects = [name for name in vars(metrics) if name.isupper() and name != "REGISTRY"]
    described = [name for name in objects if hasattr(getattr(metrics, name), "labels")]

    assert len(described) == len(metrics.catalogue())
