"""Migrations on a real PostgreSQL: once each, in order, whoever starts at the same time."""

import asyncio
from pathlib import Path

import psycopg
import pytest
from psycopg.errors import DivisionByZero

from services.runtime.postgres.migrating import migrate
from services.runtime.postgres.migration_files import MigrationRefused
from services.runtime.process import service

FIRST = "create table {schema}.leads (id int primary key); insert into {schema}.leads values (1);"


def write(folder: Path, **files: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name.removeprefix('n')}.sql").write_text(text)
    return folder


def rows(url: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as conn:
        return conn.execute(query.encode()).fetchall()


async def test_files_are_applied_once_and_new_ones_later(database: str, tmp_path: Path) -> None:
    folder = write(tmp_path / "own", n0001_leads=FIRST)
    await migrate(database, "cadence", folder)
    await migrate(database, "cadence", folder)
    write(folder, n0002_more="insert into cadence.leads values (2)")
    await migrate(database, "cadence", folder)

    assert rows(database, "select id from cadence.leads order by id") == [(1,), (2,)]
    assert rows(database, "select series, number, name from cadence.migrations order by 2") == [
        ("own", 1, "0001_leads"),
        ("own", 2, "0002_more"),
    ]


async def test_processes_that_start_together_take_turns(database: str, tmp_path: Path) -> None:
    folder = write(tmp_path / "own", n0001_leads=FIRST)

    await asyncio.gather(*(migrate(database, "cadence", folder) for _ in range(5)))

    assert rows(database, "select count(*) from cadence.leads") == [(1,)]


async def test_two_folders_of_one_schema_do_not_mix(database: str, tmp_path: Path) -> None:
    await migrate(database, "cadence", write(tmp_path / "a", n0001_a="create table {schema}.a ()"))
    await migrate(database, "cadence", write(tmp_path / "b", n0001_b="create table {schema}.b ()"))

    assert len(rows(database, "select from cadence.migrations")) == 2


async def test_a_failing_file_leaves_nothing_behind(database: str, tmp_path: Path) -> None:
    folder = write(tmp_path / "own", n0001_leads=FIRST, n0002_bad=FIRST.replace("leads", "more"))
    write(folder, n0002_bad=(folder / "0002_bad.sql").read_text() + "select 1/0")

    with pytest.raises(DivisionByZero):
        await migrate(database, "cadence", folder)

    assert rows(database, "select name from cadence.migrations") == [("0001_leads",)]
    assert rows(database, "select to_regclass('cadence.more')") == [(None,)]


async def test_a_changed_file_is_refused(database: str, tmp_path: Path) -> None:
    folder = write(tmp_path / "own", n0001_leads=FIRST)
    await migrate(database, "cadence", folder)
    write(folder, n0001_leads=FIRST + " ", n0002_more="select 1")

    with pytest.raises(MigrationRefused, match=r"own/0001_leads\.sql was changed"):
        await migrate(database, "cadence", folder)

    assert len(rows(database, "select from cadence.migrations")) == 1


async def test_a_file_that_is_gone_is_refused(database: str, tmp_path: Path) -> None:
    folder = write(tmp_path / "own", n0001_leads=FIRST, n0002_more="select 1")
    await migrate(database, "cadence", folder)
    (folder / "0002_more.sql").unlink()

    with pytest.raises(MigrationRefused, match=r"has applied own/0002_more\.sql"):
        await migrate(database, "cadence", folder)


async def test_a_schema_name_that_could_be_sql_is_refused(database: str, tmp_path: Path) -> None:
    with pytest.raises(MigrationRefused, match="no schema name"):
        await migrate(database, "x; drop schema public", tmp_path)


async def test_our_own_migrations_apply(database: str) -> None:
    await migrate(database, "vault", service.MIGRATIONS / "vault")
    await migrate(database, "cadence", service.MIGRATIONS / "delivery")

    assert rows(database, "select * from vault.keys") == []
