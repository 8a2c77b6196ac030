"""Connections on a real PostgreSQL give up in time, and come back after an outage."""

import psycopg
import pytest
from psycopg_pool import PoolTimeout

from services.runtime.postgres.postgres import Limits, check_server, pool, unreachable


async def test_sessions_are_named_and_limited(database: str) -> None:
    async with pool(database, service="cadence") as connections, connections.connection() as conn:
        cursor = await conn.execute(
            "select current_setting('application_name'), current_setting('statement_timeout'),"
            " current_setting('idle_in_transaction_session_timeout'),"
            " current_setting('transaction_timeout')"
        )
        assert await cursor.fetchone() == ("touchline-cadence", "5s", "5s", "10s")


async def test_options_in_the_url_are_kept(database: str) -> None:
    url = f"{database}{'&' if '?' in database else '?'}options=-csearch_path%3Dvault"

    async with pool(url, service="cadence") as connections, connections.connection() as conn:
        cursor = await conn.execute("select current_setting('search_path')")
        assert await cursor.fetchone() == ("vault",)


async def test_a_statement_past_its_limit_is_cancelled(database: str) -> None:
    async with pool(database, service="x", limits=Limits(statement=20)) as connections:
        with pytest.raises(psycopg.errors.QueryCanceled):
            async with connections.connection() as conn:
                await conn.execute("select pg_sleep(30)")


async def test_a_caller_who_gets_no_connection_is_told(database: str) -> None:
    async with pool(database, service="x", max_size=1) as connections, connections.connection():
        with pytest.raises(PoolTimeout):
            await connections.getconn(timeout=0.01)
        assert await unreachable(connections) == "PostgreSQL does not answer"


async def test_a_server_that_answers_is_no_reason_for_unreadiness(database: str) -> None:
    await check_server(database)
    async with pool(database, service="x") as connections:
        assert await unreachable(connections) is None


async def test_a_server_that_is_not_there_cannot_be_reached() -> None:
    with pytest.raises(psycopg.OperationalError):
        await check_server("postgresql://nobody@127.0.0.1:1/none")


@pytest.mark.parametrize("session_timeout_seconds", [6, 12, 300])
def test_limits_are_below_any_session_timeout(session_timeout_seconds: int) -> None:
    limits = Limits.below(session_timeout_seconds)
    assert 0 < limits.idle_in_transaction < limits.transaction < 1000 * session_timeout_seconds
