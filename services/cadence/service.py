"""The cadence service, put together: one fold, and nothing else."""

from pathlib import Path

from services.cadence.fold import CadenceFold
from services.runtime.postgres import postgres
from services.runtime.process.service import Service
from services.runtime.process.settings import RuntimeSettings

NAME = "cadence"


def build(settings: RuntimeSettings) -> Service:
    """The service, not yet running."""
    return Service(
        name=NAME,
        settings=settings,
        pool=postgres.service_pool(settings, service=NAME),
        migrations=Path(__file__).with_name("migrations"),
        folds=(CadenceFold(),),
    )
