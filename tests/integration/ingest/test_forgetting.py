"""What the doors need not know any more is dropped, and nothing else."""

import asyncio
from contextlib import suppress

from services.ingest.inbox import KEPT_DAYS, forget_old
from services.runtime.postgres.forgetting import Forgetting
from tests.integration.delivery.wire import until
from tests.integration.ingest.harness import Ingest

OLD, YOUNG = 2_500, 3
FILL = """
insert into ingest.inbox
select 'webshop', int4send(n), '',
    now() - make_interval(days => case when n < %s then %s else %s end)
from generate_series(0, %s) as numbers (n)"""


async def test_submissions_of_long_ago_are_forgotten_however_many(ingest: Ingest) -> None:
    async with ingest.service.pool.connection() as conn:
        await conn.execute(FILL, (OLD, KEPT_DAYS + 1, KEPT_DAYS - 1, OLD + YOUNG - 1))
    forgetting = asyncio.create_task(Forgetting(ingest.service.pool, (forget_old,)).run())

    async def young_alone() -> bool:
        return await ingest.rows("select count(*)::int from ingest.inbox") == [(YOUNG,)]

    await until(young_alone)
    forgetting.cancel()
    with suppress(asyncio.CancelledError):
        await forgetting
