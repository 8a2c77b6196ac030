"""The statements behind the lists, each a page of the team's leads in an order of its own."""

from collections.abc import Collection

from services.prioritizer.serving.here_sql import away
from services.prioritizer.serving.limit_sql import REACHED, limit
from services.prioritizer.serving.order_sql import in_order

MOST_READ = 500
"""Rows read for a page, whatever is asked for: a page may be short and still have a next one."""

_FIELDS = """lead_id, playbook_digest, cadence, features, sealed, plan, tier, tier_order,
    order_key, not_before, lapses_at, clock_timestamp() as asked_at"""
_KEPT = f"""now() < anyone_from and for_rep is distinct from %(rep_id)s
        and not {away("queue")}"""
_GIVEN_BACK = """exists (
        select from prioritizer.claims as given_back
        where given_back.plan_id = queue.plan_id and given_back.rep_id = %(rep_id)s
          and given_back.state = 'released')"""
_ORDER = "tier_order, order_key, not_before, lapses_at, lead_id"
_AFTER = f"""team = %(team)s and ({_ORDER})
    > (%(after)s::int, %(key)s::bigint, %(opens)s::timestamptz, %(lapses)s::timestamptz, %(id)s)
    {{filters}}"""
READY = f"""
with {REACHED}
select {_FIELDS},
    case when {_GIVEN_BACK} then 'given-back' when {_KEPT} then 'kept-for-rep'
        else limits_.rule end as rule,
    case when {_GIVEN_BACK} then null when {_KEPT} then anyone_from
        else limits_.returns_at end as returns_at,
    null as held_by
from ({in_order("prioritizer.{}", "*", _AFTER, _ORDER, MOST_READ)}) as queue
left join lateral ({limit("queue")}) as limits_ on true
order by {_ORDER}
"""  # noqa: S608 - our own words
WAITING = f"""
select {_FIELDS}, rule, returns_at, null as held_by
from prioritizer.waiting
where team = %(team)s and (not_before, lead_id) > (%(opens)s::timestamptz, %(id)s){{filters}}
order by not_before, lead_id limit {MOST_READ}
"""  # noqa: S608 - our own words
HELD = f"""
select leads.lead_id, playbook_digest, cadence, features, sealed, claims.plan,
    why ->> 'tier' as tier,
    0 as tier_order, 0 as order_key, leased_until as not_before, leased_until as lapses_at,
    clock_timestamp() as asked_at, 'held' as rule, leased_until as returns_at,
    rep_id as held_by
from prioritizer.claims join prioritizer.leads using (lead_id)
where state = 'open' and now() < leased_until and team = %(team)s
    and (leased_until, leads.lead_id) > (%(opens)s::timestamptz, %(id)s){{filters}}
order by leased_until, leads.lead_id limit {MOST_READ}
"""  # noqa: S608 - our own words
PAUSED = f"""
select lead_id, playbook_digest, cadence, features, sealed, paused_plan as plan, null as tier,
    0 as tier_order, 0 as order_key, paused_since as not_before, paused_since as lapses_at,
    clock_timestamp() as asked_at, 'paused' as rule, null::timestamptz as returns_at,
    null as held_by
from prioritizer.leads
where team = %(team)s and paused_since is not null and paused_plan is not null
    and (paused_since, lead_id) > (%(opens)s::timestamptz, %(id)s){{filters}}
order by paused_since, lead_id limit {MOST_READ}
"""  # noqa: S608 - our own words
AUTOMATED = f"""
select leads.lead_id, playbook_digest, cadence, features, sealed, automated.plan, null as tier,
    0 as tier_order, 0 as order_key, automated.not_before, automated.lapses_at,
    clock_timestamp() as asked_at,
    case when requested_at is null then 'for-tools' else 'requested' end as rule,
    null::timestamptz as returns_at, null as held_by
from prioritizer.automated join prioritizer.leads using (lead_id)
where automated.team = %(team)s
    and (automated.not_before, automated.lead_id) > (%(opens)s::timestamptz, %(id)s){{filters}}
order by automated.not_before, automated.lead_id limit {MOST_READ}
"""  # noqa: S608 - our own words

_WITHIN = {
    "tier": "tier_order between %(first)s::int and %(last)s::int and tier = %(tier)s::text",
    "channel": "channel = %(channel)s::text",
    "cadence": "cadence = %(cadence)s::text",
    "step": "step = %(step)s::int",
}
"""What indexes can tell, so that a rare lead is found without those before it. A name stands at
different places in different orders: the places narrow down what is read, the name decides."""

STATEMENTS = {
    "ready": (READY, _WITHIN),
    "waiting": (WAITING, _WITHIN),
    "held": (
        HELD,
        {
            "tier": "why ->> 'tier' = %(tier)s::text",
            "channel": "claims.plan ->> 'channel' = %(channel)s::text",
            "cadence": "cadence = %(cadence)s::text",
            "step": "(claims.plan ->> 'step')::int = %(step)s::int",
        },
    ),
    "paused": (PAUSED, {**_WITHIN, "tier": "false"}),
    "automated": (
        AUTOMATED,
        {
            "tier": "false",
            "channel": "automated.channel = %(channel)s::text",
            "cadence": "cadence = %(cadence)s::text",
            "step": "automated.step = %(step)s::int",
        },
    ),
}
"""By the state of the leads that they list, with the filters that they take."""

FILTERS = tuple(_WITHIN)
"""The names of the filters that every statement takes."""


def statement(state: str, asked: Collection[str]) -> str:
    """The statement for the state, with those of its filters that are asked for."""
    page, filters = STATEMENTS[state]
    wanted = "".join(f" and {filters[name]}" for name in FILTERS if name in asked)
    return page.replace("{filters}", wanted)
