"""Which limits a rep has reached: parts of the statements that serve and list."""

from engagement.playbook.queue import PLACES

_ACTIVE = f"""
        select from (
            (select from generate_series(0, {PLACES - 1}) as tiers (tier) cross join lateral (
                select from prioritizer.leads
                where team = %(team)s and tier_order = tiers.tier and not begins
                  and plan_id is not null and answered_plan_id is distinct from plan_id
                  and claim_id is null
                order by anyone_from limit limits.active_leads
            ) as touched)
            union all
            (select from prioritizer.claims join prioritizer.leads using (lead_id)
            where state = 'open' and now() < leased_until and team = %(team)s)
            union all
            (select from prioritizer.automated
            where team = %(team)s and (plan ->> 'attempts')::integer > 0)
        ) as each limit limits.active_leads"""  # noqa: S608 - our own words
REACHED = f"""
limits as materialized (
    select * from prioritizer.limits where team = %(team)s
), reached as materialized (
    select 'rep-new-leads' as rule, min(claimed_at) + interval '1 day' as returns_at,
        false as every
    from limits cross join lateral (
        select claimed_at from prioritizer.claims
        where rep_id = %(rep_id)s and begins_for is not null and state in ('open', 'disposed')
          and claimed_at > now() - interval '1 day'
        order by claimed_at desc limit limits.new_a_day_each
    ) as begun where new_a_day_each is not null
    group by new_a_day_each having count(*) >= new_a_day_each
    union all
    select 'team-new-leads', min(claimed_at) + interval '1 day', false
    from limits cross join lateral (
        select claimed_at from prioritizer.claims
        where begins_for = %(team)s and state in ('open', 'disposed')
          and claimed_at > now() - interval '1 day'
        order by claimed_at desc limit limits.new_a_day
    ) as begun where new_a_day is not null
    group by new_a_day having count(*) >= new_a_day
    union all
    select 'rep-own-leads', null, false
    from limits cross join lateral (
        select from prioritizer.leads
        where for_rep = %(rep_id)s and team = %(team)s and plan_id is not null
          and answered_plan_id is distinct from plan_id and claim_id is null
        order by tier_order, order_key limit limits.own_each
    ) as own where own_each is not null
    group by own_each having count(*) >= own_each
    union all
    select 'rep-touches', min(closed_at) + interval '1 day', true
    from limits cross join lateral (
        (select closed_at from prioritizer.claims
        where rep_id = %(rep_id)s and state = 'disposed' and closed_at > now() - interval '1 day'
        order by closed_at desc limit limits.touches_a_day_each)
        union all
        select null from prioritizer.claims
        where rep_id = %(rep_id)s and state = 'open' and now() < leased_until
    ) as made where touches_a_day_each is not null
    group by touches_a_day_each having count(*) >= touches_a_day_each
    union all
    select 'team-active-leads', null, false
    from limits cross join lateral ({_ACTIVE}
    ) as active where active_leads is not null
    group by active_leads having count(*) >= active_leads
)
"""  # noqa: S608 - our own words
"""`reached`: a row for each limit that the rep or its team has reached, and when it ends. One on
`every` touch keeps back all leads; the others those that nobody has touched, but the rep's own.

A day is any 24 hours, so that no midnight opens the door for everybody. None returns by the clock
where the rep has enough leads of its own, or the team works on enough: one of them has to end.
A lead is worked on from its first touch, or while a rep has it, until nothing is planned. What a
rep has in hand counts as a touch made.
"""


def limit(of: str) -> str:
    """The limit that keeps the lead in the row `of` back from the rep; no row: none does."""
    return f"""
    select rule, returns_at from reached
    where every or ({of}.begins and {of}.for_rep is distinct from %(rep_id)s)
    order by every desc, returns_at desc, rule limit 1"""  # noqa: S608 - our own words
