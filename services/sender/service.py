"""The sender, put together: requests in, mails out, and the link that ends them."""

from functools import partial
from pathlib import Path

from schemas.topics import TOUCH_RECEIVED
from services.runtime.access.security import ApiKeys
from services.runtime.doors.once import Once, forget
from services.runtime.outbox.outbox import Outbox
from services.runtime.postgres import postgres
from services.runtime.postgres.forgetting import Forgetting
from services.runtime.process.service import Service
from services.runtime.vault import Vault
from services.sender import api, bounce_api
from services.sender.intake import Intake
from services.sender.message import Writer
from services.sender.sending import AT_ONCE, Sending
from services.sender.settings import Settings
from services.sender.smtp import Smtp
from services.sender.templates import Templates
from services.sender.unsubscribing import Unsubscribing

NAME = "sender"
OTHER_CONNECTIONS = 6
"""For the fold, readiness and people who unsubscribe."""


def build(settings: Settings) -> Service:
    """The service, not yet running."""
    pool = postgres.service_pool(settings, service=NAME, max_size=AT_ONCE + OTHER_CONNECTIONS)
    vault, outbox = Vault(settings.vault_key.get_secret_value()), Outbox(NAME)
    secret = settings.unsubscribe_secret.get_secret_value()
    unsubscribing = Unsubscribing(secret, settings.unsubscribe_url)
    templates = Templates(settings.templates)
    sending = Sending(
        pool,
        vault,
        outbox,
        templates,
        unsubscribing,
        Writer(settings.mail_from),
        _smtp(settings),
        settings.sent_code,
    )
    return Service(
        name=NAME,
        settings=settings,
        pool=pool,
        migrations=Path(__file__).with_name("migrations"),
        vault=vault,
        folds=(Intake(templates, settings.sent_code),),
        outbox=outbox,
        writes=(TOUCH_RECEIVED,),
        routers=(
            api.router(pool, outbox, unsubscribing),
            bounce_api.router(Once(pool, NAME, status=202), outbox, ApiKeys(settings.bounce_keys)),
        ),
        background=(sending.run, Forgetting(pool, (partial(forget, schema=NAME),)).run),
    )


def _smtp(settings: Settings) -> Smtp:
    password = settings.smtp_password
    return Smtp(
        settings.smtp_host,
        settings.smtp_port,
        settings.smtp_security,
        settings.smtp_user,
        password.get_secret_value() if password else None,
    )
