"""An outage is outlived; a fault is not."""

import asyncio
from collections.abc import Awaitable, Callable

import psycopg
import pytest
from aiokafka.errors import (  # type: ignore[import-untyped]
    KafkaConnectionError,
    TopicAuthorizationFailedError,
)
from psycopg.errors import DiskFull, QueryCanceled, UndefinedTable

from services.runtime.process import outage
from services.runtime.process.outage import MOST_OVERDUE, is_outage, outlive

OUTAGES = [
    psycopg.OperationalError("the server closed the connection"),
    psycopg.errors.AdminShutdown(),
    psycopg.errors.IdleInTransactionSessionTimeout(),
    QueryCanceled(),
    psycopg.errors.TooManyConnections(),
    psycopg.errors.DeadlockDetected(),
    psycopg.errors.CannotConnectNow(),
    KafkaConnectionError(),
]
FAULTS = [
    ValueError(),
    UndefinedTable(),
    DiskFull(),
    psycopg.errors.StatementTooComplex(),
    psycopg.errors.DatabaseDropped(),
    psycopg.errors.InvalidPassword(),
    TopicAuthorizationFailedError(),
    asyncio.CancelledError(),
]


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outage, "FIRST_SECONDS", 0.001)


def failing(*errors: BaseException) -> Callable[[], Awaitable[str]]:
    left = list(errors)

    async def work() -> str:
        if left:
            raise left.pop(0)
        return "done"

    return work


@pytest.mark.parametrize("error", OUTAGES, ids=lambda error: type(error).__name__)
def test_a_server_that_is_away_is_an_outage(error: Exception) -> None:
    assert is_outage(error)


@pytest.mark.parametrize("error", FAULTS, ids=lambda error: type(error).__name__)
def test_everything_else_is_a_fault(error: BaseException) -> None:
    assert not is_outage(error)


async def test_work_is_begun_again_until_the_server_is_back() -> None:
    assert await outlive("cadence", "step", failing(*OUTAGES)) == "done"


async def test_a_fault_is_raised_at_once() -> None:
    with pytest.raises(UndefinedTable):
        await outlive("cadence", "step", failing(OUTAGES[0], UndefinedTable(), OUTAGES[0]))


async def test_what_takes_too_long_each_time_is_raised() -> None:
    overdue = [QueryCanceled() for _ in range(MOST_OVERDUE)]

    with pytest.raises(QueryCanceled):
        await outlive("cadence", "step", failing(*overdue))


async def test_what_takes_too_long_now_and_then_is_outlived(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    overdue = [QueryCanceled() for _ in range(MOST_OVERDUE - 1)]
    mixed = [*overdue, OUTAGES[0], *overdue]
    assert await outlive("cadence", "step", failing(*mixed)) == "done"

    monkeypatch.setattr(outage, "STEADY_SECONDS", -1.0)
    assert await outlive("cadence", "step", failing(*overdue, *overdue)) == "done"
