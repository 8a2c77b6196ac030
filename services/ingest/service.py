"""The composition root of ingest."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from schemas.topics import LEAD_EVENTS, QUARANTINE
from services.ingest import (
    do_not_contact_api,
    events_api,
    leads_api,
    moves_api,
    playbook_api,
    shopify_api,
)
from services.ingest.accept import WRITERS, Acceptance
from services.ingest.admission import Admission
from services.ingest.do_not_contact import DoNotContact
from services.ingest.events_api import Senders
from services.ingest.identity import LeadIds
from services.ingest.inbox import NAME, Inbox, forget_old
from services.ingest.publication import Publications
from services.ingest.settings import Settings
from services.ingest.stream import receptions
from services.runtime.access.callers import Callers
from services.runtime.access.roles import holder
from services.runtime.access.security import ApiKeys
from services.runtime.doors.once import Once, forget
from services.runtime.fold.lanes import WIDTH
from services.runtime.outbox.outbox import Outbox
from services.runtime.postgres.forgetting import Forgetting
from services.runtime.postgres.postgres import service_pool
from services.runtime.process.service import Service
from services.runtime.vault import Vault

MIGRATIONS = Path(__file__).with_name("migrations")
OTHER_CONNECTIONS = 3
"""For readiness, an operator, and a fold that looks for one."""


def build(settings: Settings) -> Service:
    """Ingest, as `settings` want it; nothing is opened yet."""
    connections = service_pool(
        settings,
        service=NAME,
        max_size=WRITERS + WIDTH + OTHER_CONNECTIONS,
    )
    outbox = Outbox(NAME)
    vault = Vault(settings.vault_key.get_secret_value())
    inbox = Inbox(vault, outbox)
    ids = LeadIds(settings.lead_id_secret.get_secret_value())
    publications = Publications(connections, outbox)
    admission = Admission(Acceptance(connections, inbox), publications, ids, now)
    shopify_secrets = [secret.get_secret_value() for secret in settings.shopify_secrets]
    listings = DoNotContact(connections, outbox)
    once = Once(connections, NAME)
    sources, callers = ApiKeys(settings.api_keys), _callers(settings)
    return Service(
        name=NAME,
        settings=settings,
        pool=connections,
        migrations=MIGRATIONS,
        vault=vault,
        folds=receptions(inbox, publications, ids, now),
        outbox=outbox,
        writes=(LEAD_EVENTS, QUARANTINE),
        routers=(
            leads_api.router(admission, sources),
            events_api.router(admission, Senders(sources, callers)),
            shopify_api.router(admission, shopify_secrets),
            moves_api.router(admission, callers),
            playbook_api.router(publications, callers, now, once),
            do_not_contact_api.router(listings, ids, callers, now, once),
        ),
        background=(Forgetting(connections, (forget_old, partial(forget, schema=NAME))).run,),
    )


def _callers(settings: Settings) -> Callers:
    """Operators by their keys, and whomever the provider of tokens names."""
    known = ((digest, holder(name, "operator")) for name, digest in settings.operator_keys.items())
    return Callers(known, settings.oidc)


def now() -> datetime:
    """The one clock of ingest: what it says is stamped on a fact once, and never asked again."""
    return datetime.now(UTC)  # noqa: TID251  this is the edge at which time comes in
