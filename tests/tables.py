"""The tables of every service, as they make them when they start."""

from pathlib import Path

import services
from services.runtime import postgres
from services.runtime.service import MIGRATIONS

SCHEMAS = ("cadence", "handoff", "ingest", "prioritizer", "sender")


def migrations(schema: str) -> Path:
    """The service's own."""
    return Path(services.__file__).parent / schema / "migrations"


async def make_tables(url: str, *schemas: str) -> None:
    """Make those of these services, and the vault, where they are not there yet."""
    await postgres.migrate(url, "vault", MIGRATIONS / "vault")
    for schema in schemas:
        await postgres.migrate(url, schema, MIGRATIONS / "delivery")
        await postgres.migrate(url, schema, migrations(schema))
