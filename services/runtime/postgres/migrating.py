"""Tables as a service's numbered files make them: each once, in order, and none changed after."""

import re
from collections.abc import Sequence
from pathlib import Path

from psycopg import AsyncConnection
from psycopg.sql import SQL, Identifier

from services.runtime.postgres.migration_files import Migration, MigrationRefused, read

SCHEMA = re.compile(r"[a-z][a-z_]*")
LOCK_TIMEOUT = "60s"


async def migrate(url: str, schema: str, folder: Path) -> None:
    """Apply what `schema` has not seen of `folder`, each file in a transaction of its own.

    `{schema}` in a file stands for the schema's name. Processes that start together take turns.
    A schema may have several folders; each folder's name is a series of its own.
    Raises MigrationRefused where an applied file was changed or is gone.
    """
    if not SCHEMA.fullmatch(schema):
        raise MigrationRefused(f"{schema!r} is no schema name: lower-case letters and _ only")
    files = read(folder)
    connection = await AsyncConnection.connect(url, connect_timeout=5, autocommit=True)
    async with connection as conn:
        await conn.execute(SQL("set lock_timeout = {}").format(LOCK_TIMEOUT))
        await conn.execute(
            "select pg_advisory_lock(hashtextextended('touchline migrations ' || %s, 0))",
            (schema,),
        )
        await _prepare(conn, schema)
        for migration in await _outstanding(conn, schema, folder.name, files):
            await _apply(conn, schema, folder.name, migration)


async def _prepare(conn: AsyncConnection, schema: str) -> None:
    await conn.execute(SQL("create schema if not exists {}").format(Identifier(schema)))
    await conn.execute(
        SQL(
            "create table if not exists {}.migrations (series text, number int,"
            " name text not null, sha256 text not null,"
            " applied_at timestamptz not null default now(), primary key (series, number))"
        ).format(Identifier(schema))
    )


async def _outstanding(
    conn: AsyncConnection, schema: str, series: str, files: Sequence[Migration]
) -> Sequence[Migration]:
    cursor = await conn.execute(
        SQL("select name, sha256 from {}.migrations where series = %s order by number").format(
            Identifier(schema)
        ),
        (series,),
    )
    applied = await cursor.fetchall()
    for (name, digest), file in zip(applied, files, strict=False):
        if file.name != name or file.digest != digest:
            raise MigrationRefused(
                f"{series}/{name}.sql was changed after schema {schema} had applied it."
                " Restore the file, and put the change into a new migration."
            )
    if len(applied) > len(files):
        raise MigrationRefused(
            f"schema {schema} has applied {series}/{applied[len(files)][0]}.sql, which this"
            " version does not have. Run the version that brought it, or a newer one."
        )
    return files[len(applied) :]


async def _apply(conn: AsyncConnection, schema: str, series: str, migration: Migration) -> None:
    async with conn.transaction():
        await conn.execute(migration.text.replace("{schema}", schema))
        await conn.execute(
            SQL(
                "insert into {}.migrations (series, number, name, sha256) values (%s, %s, %s, %s)"
            ).format(Identifier(schema)),
            (series, migration.number, migration.name, migration.digest),
        )
