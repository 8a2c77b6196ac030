"""What a database needs that was restored to a moment before the topics' last."""

from dataclasses import dataclass

import psycopg
from psycopg.sql import SQL, Identifier

_SERVED = """
select distinct application_name from pg_stat_activity
where datname = current_database() and application_name like 'touchline-%' order by 1"""
_SCHEMAS = """
select table_schema from information_schema.tables where table_name = 'incarnation' order by 1"""
_RENEW = (
    "update {0}.incarnation set id = gen_random_uuid()",
    "update {0}.outbox set sequence = null where sequence is not null",
    "truncate {0}.outbox_sequence",
)
_WAITING = "select count(*) from {0}.outbox"


class StillServed(Exception):
    """Services write to the database; nothing was changed."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(
            f"{', '.join(names)} still write to this database. Stop all services, and ask again."
        )


@dataclass(frozen=True, slots=True)
class Renewed:
    """An outbox that writes under a new name, and how many rows wait in it."""

    service: str
    waiting: int


def renew(database_url: str, *, dry_run: bool) -> tuple[Renewed, ...]:
    """Let every outbox be a new writer, whose numbers begin at 1; all of them, or none.

    Otherwise it gives numbers to new facts that were given to others since the backup, and whoever
    reads drops the facts as repeats. Raises StillServed while services are connected, and
    psycopg's OperationalError where no database answers.
    """
    with psycopg.connect(database_url, application_name="restored") as conn:
        if served := tuple(name for (name,) in conn.execute(_SERVED)):
            raise StillServed(served)
        renewed = tuple(_renew(conn, schema) for (schema,) in conn.execute(_SCHEMAS).fetchall())
        if dry_run:
            conn.rollback()
    return renewed


def _renew(conn: psycopg.Connection, schema: str) -> Renewed:
    for text in _RENEW:
        conn.execute(SQL(text).format(Identifier(schema)))
    row = conn.execute(SQL(_WAITING).format(Identifier(schema))).fetchone()
    return Renewed(schema, int(row[0]) if row else 0)
