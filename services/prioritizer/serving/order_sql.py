"""The order of the queue, and what is told of a tier: parts of the statements that use them."""

import orjson

from engagement.playbook.queue import DEFAULT
from services.prioritizer.table.ranking import told_of

SIDES = ("first_places", "later_places")
"""The views of the queue, by the place in which a touch stands now."""

_USUAL = orjson.dumps(told_of(DEFAULT)).decode()


def in_order(of: str, fields: str, where: str, order: str, most: int) -> str:
    """The first rows of the queue, as `of` narrows it: first places and later ones, merged.

    Each side is read by its own index, and no further than is asked for.
    """
    sides = " union all ".join(
        f"(select {fields} from {of.format(side)} where {where} order by {order} limit {most})"  # noqa: S608 - our own words
        for side in SIDES
    )
    return f"select * from ({sides}) as sides order by {order} limit {most}"  # noqa: S608 - our own words


def told(of: str) -> str:
    """The tier of the place `of`, by the order of its playbook, or else the usual one: JSON."""
    return f"""coalesce((
        select tiers from prioritizer.queues where queues.playbook_digest = {of}.playbook_digest
        ), '{_USUAL}'::jsonb) -> {of}.tier_order"""  # noqa: S608 - our own words
