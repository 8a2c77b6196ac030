"""Which leads of a team are kept back from a rep, and by which rules: a part of statements."""

from engagement.playbook.queue import PLACES
from services.prioritizer.serving.here_sql import away
from services.prioritizer.serving.order_sql import in_order

MOST_COUNTED = 25
"""Leads kept back are counted up to here, so that a question costs the same in any queue."""

MOST_BEHIND = 5
"""The same, of leads that are ready behind the one that is given."""

MOST_TOLD = 3
"""Runners-up that a claim tells of, and leads that each rule kept back."""

_ORDER = "begins, anyone_from, lead_id"


def begun(most: int) -> str:
    """Leads of the team that wait for their first touch, which limits on new ones keep back."""
    return _first("begins", most)


def ready(most: int) -> str:
    """Leads of the team that anybody may be given, which limits on every touch keep back."""
    return _first("true", most)


def _first(which: str, most: int) -> str:
    ready = f"team = %(team)s and tier_order = tiers.tier and {which} and anyone_from <= now()"
    return f"""
        select first.lead_id from generate_series(0, {PLACES - 1}) as tiers (tier)
        cross join lateral ({in_order("prioritizer.{}", _ORDER, ready, _ORDER, most)}) as first
        limit {most}"""  # noqa: S608 - our own words


KEPT_BACK = f"""
    (select rule, returns_at, lead_id from prioritizer.waiting where team = %(team)s
    order by not_before, lead_id limit {MOST_COUNTED})
    union all
    select 'kept-for-rep', anyone_from, lead_id from (
        select * from prioritizer.kept where team = %(team)s
        order by anyone_from, lead_id limit {MOST_COUNTED}
    ) as kept where for_rep <> %(rep_id)s and not_before <= now() and now() < lapses_at
      and not {away("kept", "%(team)s")}
    union all
    select rule, returns_at, lead_id from reached cross join lateral ({begun(MOST_COUNTED)}
    ) as new where not every
    union all
    select 'held', leased_until, lead_id from (
        select lead_id, leased_until from prioritizer.claims
        where state = 'open' and now() < leased_until
        order by leased_until limit {MOST_COUNTED}
    ) as holds join prioritizer.leads using (lead_id) where team = %(team)s
    union all
    select 'given-back', null, lead_id from (
        select lead_id, plan_id from prioritizer.claims
        where state = 'released' and rep_id = %(rep_id)s
        order by closed_at desc limit {MOST_COUNTED}
    ) as backs cross join lateral (
        select from prioritizer.queue
        where queue.lead_id = backs.lead_id and queue.plan_id = backs.plan_id limit 1
    ) as there
"""  # noqa: S608 - our own words
"""A row for each lead: `rule`, `lead_id`, and `returns_at` where the clock ends it. After
`reached`. Who is given a lead has reached no limit on every touch: those have a part of their own.
"""

ALL_KEPT_BACK = f"""
    select rule, returns_at, lead_id from reached cross join lateral ({ready(MOST_COUNTED)}
    ) as ready where every
"""  # noqa: S608 - our own words
"""The same, of what a limit on every touch keeps back."""
