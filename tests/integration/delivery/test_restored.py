"""An outbox that was restored to an earlier moment is another writer, whom readers believe."""

import json
from dataclasses import replace

from typer.testing import CliRunner

from cli.main import app
from deploy.local.servers import Servers
from services.runtime.outbox.relay import Relay
from services.runtime.postgres import postgres
from tests.integration.delivery import outboxes
from tests.integration.delivery.world import World
from tests.real_servers import create_database, drop_database

COMMAND = CliRunner()


async def relayed(world: World) -> None:
    """All rows that wait, published."""
    running = Relay(world.schema, world.brokers, world.database_url)
    await running.start()
    await outboxes.published(world)
    await running.drain()


async def test_what_is_added_after_a_restore_is_told(world: World, servers: Servers) -> None:
    await outboxes.add(world, 1, 5)
    await relayed(world)
    older = replace(world, database_url=create_database(servers.database_url, world.database_url))
    await outboxes.add(world, 6, 5)
    await relayed(world)

    await outboxes.add(older, 11, 5)
    tried = COMMAND.invoke(app, ["restored", "--database-url", older.database_url, "--dry-run"])
    asked = COMMAND.invoke(app, ["restored", "--database-url", older.database_url, "--json"])
    assert f"{world.schema} would write under a new name; 5 rows wait" in tried.stdout
    assert {"service": world.schema, "waiting": 5} in json.loads(asked.stdout)
    await relayed(older)
    assert await outboxes.told(world) == list(range(1, 16))
    drop_database(servers.database_url, older.database_url)


async def test_without_it_readers_take_new_rows_for_repeats(
    world: World, servers: Servers
) -> None:
    """What the command is for: this test ends where readers know better."""
    await outboxes.add(world, 1, 5)
    await relayed(world)
    older = replace(world, database_url=create_database(servers.database_url, world.database_url))
    await outboxes.add(world, 6, 5)
    await relayed(world)
    await outboxes.add(older, 11, 5)
    await relayed(older)
    assert await outboxes.told(world) == list(range(1, 11))
    drop_database(servers.database_url, older.database_url)


async def test_it_changes_nothing_while_a_service_is_connected(world: World) -> None:
    before = await outboxes.rows(world, "select id from {}.incarnation")
    async with (
        postgres.pool(world.database_url, service=world.schema) as pool,
        pool.connection(),
    ):
        asked = COMMAND.invoke(app, ["restored", "--database-url", world.database_url])
    assert asked.exit_code == 1
    assert f"touchline-{world.schema} still write" in asked.stderr
    assert await outboxes.rows(world, "select id from {}.incarnation") == before


async def test_a_trial_changes_nothing(world: World) -> None:
    before = await outboxes.rows(world, "select id from {}.incarnation")
    COMMAND.invoke(app, ["restored", "--database-url", world.database_url, "--dry-run"])
    assert await outboxes.rows(world, "select id from {}.incarnation") == before


async def test_a_database_without_services_is_told_so(servers: Servers) -> None:
    empty = create_database(servers.database_url)
    asked = COMMAND.invoke(app, ["restored", "--database-url", empty])
    drop_database(servers.database_url, empty)
    assert (asked.exit_code, asked.stdout.strip()) == (
        0,
        "No service has made its tables here yet: there is nothing to do.",
    )


async def test_no_database_there_is_told_with_the_setting() -> None:
    asked = COMMAND.invoke(app, ["restored", "--database-url", "postgresql://127.0.0.1:1/none"])
    assert asked.exit_code == 1
    assert "DATABASE_URL" in asked.stderr
