"""What is counted of a team's queue. Each is read from an index, up to a number of leads."""

from engagement.playbook.queue import PLACES
from services.prioritizer.serving.here_sql import away
from services.prioritizer.serving.limit_sql import REACHED
from services.prioritizer.serving.order_sql import in_order

MOST_COUNTED = 1_000
"""Leads of a tier and of a rule are counted up to here, so that a look costs the same always."""

MOST_GIVEN_BACK = 100
"""Touches that a rep gave back last, looked at for each rep of the team."""

_ORDER = "anyone_from, lead_id"
_FREE = "team = %(team)s and tier_order = tiers.place and anyone_from <= now() and begins"
_WAITING = in_order(
    "prioritizer.{}",
    f"tier_order, tier, since, {_ORDER}",
    f"{_FREE} = kinds.begins",
    _ORDER,
    MOST_COUNTED,
)
_BEGUN = in_order("prioritizer.{}", _ORDER, _FREE, _ORDER, MOST_COUNTED)

# A limit of one asks for a lead by its key: without it the planner would rather read everybody's
# keys and put them into a hash. The minutes are the usual marks of speed to lead. In the order of
# opening, the longest wait is among those counted, however many wait.
READY = f"""
select tier, count(*) as leads, min(since) as since,
    count(*) filter (where age < 5) as within_5,
    count(*) filter (where age >= 5 and age < 15) as within_15,
    count(*) filter (where age >= 15 and age < 30) as within_30,
    count(*) filter (where age >= 30 and age < 60) as within_60,
    count(*) filter (where age >= 60) as later
from (
    select tier_order, tier, since, extract(epoch from now() - since) / 60 as age from (
        select waiting.tier_order, tier, since
        from generate_series(0, {PLACES - 1}) as tiers (place)
        cross join (values (false), (true)) as kinds (begins)
        cross join lateral ({_WAITING}) as waiting
        union all
        select found.tier_order, found.tier, found.since from (
            select lead_id from prioritizer.kept where team = %(team)s
            order by {_ORDER} limit {MOST_COUNTED}
        ) as own cross join lateral (
            select * from prioritizer.queue where queue.lead_id = own.lead_id limit 1
        ) as found where {away("found")}
    ) as free
) as ready group by tier_order, tier order by tier_order
"""  # noqa: S608 - our own words
# Limits of single reps are the question's own: a lead that they keep back from one is another's.
KEPT_BACK = f"""
with {REACHED}
select rule, count(*) as leads, min(returns_at) as returns_at from (
    (select rule, returns_at from prioritizer.waiting where team = %(team)s
    order by not_before, lead_id limit {MOST_COUNTED})
    union all
    select 'kept-for-rep', anyone_from from (
        select * from prioritizer.kept where team = %(team)s
        order by anyone_from, lead_id limit {MOST_COUNTED}
    ) as kept where not_before <= now() and now() < lapses_at and not {away("kept")}
    union all
    select rule, returns_at from reached cross join lateral (
        select from generate_series(0, {PLACES - 1}) as tiers (place)
        cross join lateral ({_BEGUN}) as first limit {MOST_COUNTED}
    ) as new
    union all
    select 'given-back', null from (
        select distinct lead_id from prioritizer.presence cross join lateral (
            select lead_id, plan_id from prioritizer.claims
            where state = 'released' and claims.rep_id = presence.rep_id
            order by closed_at desc limit {MOST_GIVEN_BACK}
        ) as backs cross join lateral (
            select team from prioritizer.queue
            where queue.lead_id = backs.lead_id and queue.plan_id = backs.plan_id limit 1
        ) as found
        where presence.team = %(team)s and found.team = %(team)s
    ) as back
) as kept_back group by rule order by rule
"""  # noqa: S608 - our own words
