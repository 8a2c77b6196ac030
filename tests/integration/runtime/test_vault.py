"""The vault's keys in a real PostgreSQL: one a person, however many ask, until it is deleted."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from services.runtime.postgres import postgres
from services.runtime.postgres.migrating import migrate
from services.runtime.process import service
from services.runtime.vault import Vault, WrongVaultKey

KEK = bytes(range(32))
ANNA, BO, CY = UUID(int=1), UUID(int=2), UUID(int=3)


@pytest.fixture
async def connections(database: str) -> AsyncIterator[AsyncConnectionPool]:
    await migrate(database, "vault", service.MIGRATIONS / "vault")
    async with postgres.pool(database, service="test") as pool:
        yield pool


async def keys_or_new(
    connections: AsyncConnectionPool, *subjects: UUID, kek: bytes = KEK
) -> dict[UUID, bytes]:
    async with connections.connection() as conn:
        return await Vault(kek).keys_or_new(conn, subjects)


async def test_a_key_is_made_once_and_found_again(connections: AsyncConnectionPool) -> None:
    made = await keys_or_new(connections, BO, ANNA, BO)
    more = await keys_or_new(connections, ANNA, CY)

    assert made.keys() == {ANNA, BO}
    assert len(made[ANNA]) == 32
    assert made[ANNA] != made[BO]
    assert more[ANNA] == made[ANNA]
    async with connections.connection() as conn:
        assert await Vault(KEK).keys(conn, [ANNA, BO, CY]) == made | more
        assert await Vault(KEK).keys(conn, [UUID(int=9)]) == {}
        assert await Vault(KEK).keys_or_new(conn, []) == {}


async def test_a_key_does_not_lie_open_in_the_table(connections: AsyncConnectionPool) -> None:
    made = await keys_or_new(connections, ANNA)

    async with connections.connection() as conn:
        [(wrapped,)] = await (await conn.execute("select wrapped from vault.keys")).fetchall()
    assert made[ANNA] not in wrapped


async def test_a_rolled_back_writer_leaves_no_key(connections: AsyncConnectionPool) -> None:
    async with connections.connection() as conn:
        await Vault(KEK).keys_or_new(conn, [ANNA])
        await conn.rollback()
        assert await Vault(KEK).keys(conn, [ANNA]) == {}


async def test_writers_who_race_get_the_same_key(connections: AsyncConnectionPool) -> None:
    async with connections.connection() as first:
        won = await Vault(KEK).keys_or_new(first, [ANNA])
        second = asyncio.create_task(keys_or_new(connections, ANNA, BO))
        async with connections.connection() as watcher:
            await _until_someone_waits(watcher)
        await first.commit()

    assert (await second)[ANNA] == won[ANNA]


async def test_a_loser_makes_its_own_key_when_the_winner_gives_up(
    connections: AsyncConnectionPool,
) -> None:
    async with connections.connection() as first:
        lost = await Vault(KEK).keys_or_new(first, [ANNA])
        second = asyncio.create_task(keys_or_new(connections, ANNA))
        async with connections.connection() as watcher:
            await _until_someone_waits(watcher)
        await first.rollback()

    assert (await second)[ANNA] != lost[ANNA]


async def test_a_writer_takes_rows_in_the_order_of_their_ids_so_that_none_deadlock(
    connections: AsyncConnectionPool,
) -> None:
    async with connections.connection() as first:
        won = await Vault(KEK).keys_or_new(first, [ANNA])
        second = asyncio.create_task(keys_or_new(connections, BO, ANNA))
        async with connections.connection() as watcher:
            await _until_someone_waits(watcher)
        won |= await Vault(KEK).keys_or_new(first, [BO])
        await first.commit()

    assert await second == won


async def test_another_vault_key_is_refused_before_it_wraps_anything(
    connections: AsyncConnectionPool,
) -> None:
    await keys_or_new(connections, ANNA)

    with pytest.raises(WrongVaultKey, match="TOUCHLINE_VAULT_KEY"):
        await keys_or_new(connections, BO, kek=bytes(32))

    async with connections.connection() as conn:
        with pytest.raises(WrongVaultKey):
            await Vault(bytes(32)).keys(conn, [ANNA])
        with pytest.raises(WrongVaultKey):
            await Vault(bytes(32)).verify(conn)
        await Vault(KEK).verify(conn)
        assert await Vault(KEK).keys(conn, [BO]) == {}


async def _until_someone_waits(conn: AsyncConnection) -> None:
    waits = (
        "select count(*) from pg_stat_activity"
        " where wait_event_type = 'Lock' and datname = current_database()"
    )
    async with asyncio.timeout(20):
        while await (await conn.execute(waits)).fetchone() == (0,):
            await conn.commit()  # the view stands still inside a transaction
            await asyncio.sleep(0.01)
