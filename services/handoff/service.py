"""The handoff service, put together: the ledger, the CRM's answers, and the ledger over HTTP."""

from pathlib import Path

from schemas.topics import CADENCE_DECISIONS, LEAD_EVENTS, SQL_ACK
from services.handoff import api
from services.handoff.acks import Acks
from services.handoff.ledger import Ledger
from services.handoff.settings import Settings
from services.runtime.access.security import ApiKeys
from services.runtime.outbox.outbox import Outbox
from services.runtime.postgres import postgres
from services.runtime.process.service import Service
from services.runtime.vault import Vault

NAME = "handoff"
GATHER_SECONDS = 0.25
"""Of all decisions few are handoffs, and a CRM does not mind a quarter of a second."""


def build(settings: Settings) -> Service:
    """The service, not yet running."""
    pool = postgres.service_pool(settings, service=NAME)
    vault, outbox = Vault(settings.vault_key.get_secret_value()), Outbox(NAME)
    return Service(
        name=NAME,
        settings=settings,
        pool=pool,
        migrations=Path(__file__).with_name("migrations"),
        vault=vault,
        folds=(Ledger(), Acks(outbox)),
        gather={CADENCE_DECISIONS.name: GATHER_SECONDS, SQL_ACK.name: GATHER_SECONDS},
        outbox=outbox,
        writes=(LEAD_EVENTS,),
        routers=(api.router(pool, vault, ApiKeys(settings.crm_keys)),),
    )
