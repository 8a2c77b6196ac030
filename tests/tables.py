"""The tables of every service, as they make them when they start."""

from pathlib import Path

import services
from services.runtime.postgres.migrating import migrate
from services.runtime.process.service import MIGRATIONS

SCHEMAS = ("cadence", "handoff", "ingest", "prioritizer", "sender")


def migrations(schema: str) -> Path:
    """The service's own."""
    return Path(services.__file__).parent / schema / "migrations"


async def make_tables(url: str, *schemas: str) -> None:
    """Make those of these services, and the vault, where they are not there yet."""
    await migrate(url, "vault", MIGRATIONS / "vault")
    for schema in schemas:
        await migrate(url, schema, MIGRATIONS / "delivery")
        await migrate(url, schema, migrations(schema))
