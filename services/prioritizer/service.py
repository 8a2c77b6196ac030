"""The prioritizer, put together: the live priority table, the queue on it, and the poller."""

from datetime import timedelta
from pathlib import Path

from schemas.topics import LEAD_EVENTS, QUEUE_EVENTS, TOUCH_REQUESTS
from services.prioritizer import api, changes_api
from services.prioritizer.callers import callers_of
from services.prioritizer.changes import Changes
from services.prioritizer.claims.desk import Desk
from services.prioritizer.claims.explaining import Explaining
from services.prioritizer.claims.holding import Holding
from services.prioritizer.console import router as console
from services.prioritizer.console.session import Sessions
from services.prioritizer.lists.listing import Lists
from services.prioritizer.people import api as people_api
from services.prioritizer.people.presence import Attendance, Presence
from services.prioritizer.polling.poller import Poller
from services.prioritizer.reading import api as reading_api
from services.prioritizer.reading.timeline import Timelines
from services.prioritizer.serving.serving import Serving
from services.prioritizer.settings import NAME, Settings
from services.prioritizer.table.history import History
from services.prioritizer.table.playbooks import Playbooks
from services.prioritizer.table.projection import Projection
from services.runtime.fold.lanes import WIDTH
from services.runtime.outbox.outbox import Outbox
from services.runtime.postgres import postgres
from services.runtime.postgres.connections import Pipelined
from services.runtime.process.service import Service
from services.runtime.vault import Vault

QUESTIONS_AT_ONCE = 8
"""Requests that ask the database side by side; more of them wait for their turn."""
OTHER_CONNECTIONS = 2
"""For readiness and the poller."""
HISTORY_GATHERS_SECONDS = 0.25
"""Whoever reads a lead's past does not mind a quarter of a second."""


def build(settings: Settings) -> Service:
    """The service, not yet running."""
    pool = postgres.service_pool(
        settings,
        service=NAME,
        max_size=WIDTH + QUESTIONS_AT_ONCE + OTHER_CONNECTIONS,
        plan_once=True,  # planned anew at every question, the claim would cost twice as much
    )
    vault, outbox = Vault(settings.vault_key.get_secret_value()), Outbox(NAME)
    lease = timedelta(seconds=settings.lease_seconds)
    playbooks = Playbooks()
    attendance = Attendance(
        timedelta(seconds=settings.presence_seconds), settings.clock_in_demanded
    )
    changing = Pipelined(pool)
    serving = Serving(changing, vault, outbox, lease, playbooks, attendance)
    holding = Holding(changing, vault, outbox, lease, settings.skips_a_day, attendance, playbooks)
    desk = Desk(serving, holding, Presence(changing, outbox, attendance))
    timelines, lists = Timelines(pool, vault), Lists(pool, vault, playbooks)
    callers = callers_of(settings.reps, settings.staff, settings.oidc)
    changes = Changes(settings.database_url.get_secret_value())
    return Service(
        name=NAME,
        settings=settings,
        pool=pool,
        migrations=Path(__file__).with_name("migrations"),
        vault=vault,
        folds=(Projection(), History()),
        gather={LEAD_EVENTS.name: HISTORY_GATHERS_SECONDS},
        outbox=outbox,
        writes=(LEAD_EVENTS, QUEUE_EVENTS, TOUCH_REQUESTS),
        routers=(
            api.router(desk, callers),
            people_api.router(desk, callers),
            reading_api.router(Explaining(pool), timelines, lists, callers),
            changes_api.router(changes, callers),
            console.router(
                desk,
                timelines,
                lists,
                changes,
                Sessions.of(callers, settings.vault_key.get_secret_value()),
            ),
        ),
        background=(Poller(pool, outbox).run, changes.run),
    )
