"""The statement that answers "who is next?": it picks, explains, and takes, in one."""

from engagement.playbook.queue import PLACES
from services.prioritizer.claims.hand_sql import FREE, HAND, LAST_AGAIN, PLACE, THAT_AGAIN
from services.prioritizer.serving.here_sql import HERE, away
from services.prioritizer.serving.kept_back_sql import KEPT_BACK, MOST_BEHIND, MOST_TOLD
from services.prioritizer.serving.limit_sql import REACHED
from services.prioritizer.serving.order_sql import SIDES, in_order, told

MOST_CONSIDERED = 1_000
"""Of the first leads of a tier, how many a question tries before it says that none is due: others
may hold their rows for a moment."""

FEW = MOST_BEHIND
"""Of a tier, up to so many leads that are ready are sorted, however many wait. More of them are
read in their order: the first are then not far behind those that wait, which are passed over. As
many as are counted behind a lead, so that to count them reads no further."""

DEEP = 2
"""Of the tiers with more, so many are read: a lead of the next is wanted only where others hold
every row of these, which is over when the rep asks again."""

MOST_HANDED = 20
"""Touches of one absent rep that a question looks at: little is kept for a rep at a time."""

_ORDER = "tier_order, order_key, not_before, lapses_at, lead_id"
_FIELDS = """lead_id, plan_id, tier, tier_order, order_key, not_before, lapses_at, for_rep,
    anyone_from, promised, begins, terms"""
# Where a limit is reached, leads that nobody has touched are passed over within the index.
_MAY_BEGIN = "begins <= (select not exists (select from reached))"
_TAKEN = """leads.lead_id, leads.plan_id, leads.plan, leads.plan_event_id, leads.traceparent,
    leads.fence, leads.playbook_digest, leads.since"""

# An order and a limit on every side, so that each is read lazily from its own index; a tier as a
# range, as rows that have one value in common would be sorted before they are merged.
# The same plan_id under the lock: a plan that changed meanwhile may be another rep's by now.
# clock_timestamp(), read under the row's lock: a claim's times never overlap the one's before.
# What explains the choice is asked only where there is one.
_FIRST = f"""
    select {_TAKEN}, offered.tier, offered.tier_order, offered.order_key, offered.not_before,
        offered.lapses_at, offered.for_rep, offered.anyone_from, offered.begins, offered.terms
    from offered join prioritizer.leads using (lead_id)
    where leads.plan_id = offered.plan_id and leads.claim_id is null
      and leads.answered_plan_id is distinct from leads.plan_id and {FREE}
      and exists (select from here)
    order by offered.tier_order, offered.order_key, offered.not_before, offered.lapses_at,
        offered.lead_id
    limit 1 for update of leads skip locked
"""  # noqa: S608 - our own words
_THAT = f"""
    select {_TAKEN}, due.tier, due.tier_order, due.order_key, due.not_before, due.lapses_at,
        due.for_rep, due.anyone_from, due.begins, due.terms
    from (select * from due_first_places union all select * from due_later_places) as due
    join prioritizer.leads using (lead_id)
    where due.lead_id = %(picked)s
      and (due.anyone_from <= now() or due.for_rep = %(rep_id)s or {away("due", "%(team)s")})
      and (not due.begins or due.for_rep = %(rep_id)s or not exists (select from reached))
      and leads.plan_id = due.plan_id and leads.claim_id is null
      and leads.answered_plan_id is distinct from leads.plan_id and {FREE}
      and exists (select from here)
    for update of leads skip locked
"""  # noqa: S608 - our own words


def _deep(number: int) -> str:
    tier = f"(select tiers[{number}] from deep)"  # noqa: S608 - our own words
    return "".join(
        f"""
    (select {_FIELDS} from due_{side}
    where tier_order between {tier} and {tier} and anyone_from <= now() and {_MAY_BEGIN}
    order by {_ORDER} limit {MOST_CONSIDERED})
    union all"""  # noqa: S608 - our own words
        for side in SIDES
    )


_FIRST_OPENED = in_order(
    "due_{}",
    _FIELDS,
    f"tier_order = tiers.tier and anyone_from <= now() and {_MAY_BEGIN}",
    "begins, anyone_from, lead_id",
    FEW + 1,
)


def _due(side: str) -> str:
    return f"""due_{side} as not materialized (
    select places.* from prioritizer.{side} as places
    where team = %(team)s and not exists (
        select from prioritizer.claims as given_back
        where given_back.plan_id = places.plan_id and given_back.rep_id = %(rep_id)s
          and given_back.state = 'released')
)"""  # noqa: S608 - our own words


_OWN = in_order(
    "due_{}", _FIELDS, "for_rep = %(rep_id)s and now() < anyone_from", _ORDER, MOST_CONSIDERED
)
_HANDED = in_order(
    "due_{}",
    _FIELDS,
    f"""for_rep = absent.rep_id and now() < anyone_from and (absent.off or not promised)
        and {_MAY_BEGIN}""",
    _ORDER,
    MOST_HANDED,
)


_KEPT_FOR = """case when for_rep = %(rep_id)s then 'you'
            when now() < anyone_from then 'absent' when for_rep is not null then 'another' end"""


def _statement(best: str, picked: str, again: str) -> str:
    return f"""
with here as ({HERE}), {REACHED}, {HAND}, {", ".join(map(_due, SIDES))},
    opened as materialized (
    select first.* from generate_series(0, {PLACES - 1}) as tiers (tier)
    cross join lateral ({_FIRST_OPENED}) as first
), deep as materialized (
    select coalesce(array_agg(tier_order order by tier_order), '{{}}') as tiers from (
        select tier_order from opened group by tier_order having count(*) > {FEW}) as many
), own as not materialized (
    {_OWN}
), handed as materialized (
    select first.* from prioritizer.absent cross join lateral ({_HANDED}) as first
    where absent.team = %(team)s and absent.rep_id <> %(rep_id)s
), few as materialized (
    select * from opened where tier_order <> all ((select tiers from deep)::int[])
    union all select * from handed
    order by {_ORDER}
), offered as materialized ({"".join(map(_deep, range(1, DEEP + 1)))}
    select * from few
    union all
    select * from own
    order by {_ORDER}
), best as (
{best}), runners_up as (
    select jsonb_agg(jsonb_build_object(
        'lead_id', lead_id, 'tier', tier, 'tier_order', tier_order, 'order_key', order_key,
        'not_before', not_before, 'lapses_at', lapses_at,
        'kept_for', {_KEPT_FOR}, 'terms', terms)
        order by tier_order, order_key, not_before, lapses_at, lead_id) as told
    from (
        select * from offered where lead_id <> (select lead_id from best)
        order by tier_order, order_key, not_before, lapses_at, lead_id limit {MOST_TOLD}
    ) as following
), kept_back as ({KEPT_BACK}), blocked as (
    select jsonb_agg(jsonb_build_object('rule', rule, 'leads', leads, 'returns_at', returns_at,
        'first', first)
        order by rule) as told
    from (
        select rule, count(*) as leads, min(returns_at) as returns_at,
            to_jsonb((array_agg(lead_id order by returns_at, lead_id))[:{MOST_TOLD}]) as first
        from kept_back where exists (select from best) group by rule
    ) as by_rule
), taken as (
    insert into prioritizer.claims (lead_id, rep_id, fence, plan_id, plan, plan_event_id,
        traceparent, why, claimed_at, leased_until, begins_for, place)
    select lead_id, %(rep_id)s, fence + 1, plan_id, plan, plan_event_id, traceparent,
        jsonb_build_object(
            'tier', tier, 'tier_order', tier_order, 'order_key', order_key,
            'playbook_digest', playbook_digest, 'picked', {picked},
            'kept_for', {_KEPT_FOR},
            'says', told ->> 'says', 'urgent', told -> 'urgent', 'windows', told -> 'windows',
            'terms', terms, 'age_seconds', floor(extract(epoch from at - since))::bigint,
            'waited_seconds', floor(extract(epoch from at - not_before))::bigint,
            'others', (select count(*) from (
                select from offered where lead_id <> (select lead_id from best)
                limit {MOST_BEHIND})),
            'runners_up', coalesce((select told from runners_up), '[]'),
            'blocked', coalesce((select told from blocked), '[]')),
        at, at + %(lease)s, case when begins then %(team)s end,
        {PLACE}
    from (select *, clock_timestamp() as at, {told("best")} as told from best)
    on conflict (rep_id, place) where state = 'open' do nothing
    returning *
), marked as (
    update prioritizer.leads set claim_id = taken.claim_id, fence = taken.fence
    from taken where leads.lead_id = taken.lead_id
)
select answer.*, leads.features, leads.sealed, keys.wrapped,
    leads.plan_id is distinct from answer.plan_id as withdrawn,
    (select since from here where since = now()) as arrived_at
from (
    select *, true as fresh from taken union all select *, false from ({again}) as again
) as answer join prioritizer.leads using (lead_id) left join vault.keys on subject = lead_id
"""  # noqa: S608 - the numbers are ours; the planner knows then that little is read


CLAIM = _statement(_FIRST, "null::boolean", LAST_AGAIN)
"""The first in the order of service; with as many leads in hand as a rep may hold, the last one
again."""

PICK = _statement(_THAT, "true", THAT_AGAIN)
"""The one that the rep picked: `runners_up` are those that came first."""
