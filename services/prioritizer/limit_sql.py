"""Which limits a rep has reached: parts of the statements that serve and list."""

REACHED = """
limits as materialized (
    select * from prioritizer.limits where team = %(team)s
), reached as materialized (
    select 'rep-new-leads' as rule, min(claimed_at) + interval '1 day' as returns_at
    from limits cross join lateral (
        select claimed_at from prioritizer.claims
        where rep_id = %(rep_id)s and begins_for is not null and state in ('open', 'disposed')
          and claimed_at > now() - interval '1 day'
        order by claimed_at desc limit limits.new_a_day_each
    ) as begun where new_a_day_each is not null
    group by new_a_day_each having count(*) >= new_a_day_each
    union all
    select 'team-new-leads', min(claimed_at) + interval '1 day'
    from limits cross join lateral (
        select claimed_at from prioritizer.claims
        where begins_for = %(team)s and state in ('open', 'disposed')
          and claimed_at > now() - interval '1 day'
        order by claimed_at desc limit limits.new_a_day
    ) as begun where new_a_day is not null
    group by new_a_day having count(*) >= new_a_day
    union all
    select 'rep-own-leads', null
    from limits cross join lateral (
        select from prioritizer.leads
        where for_rep = %(rep_id)s and team = %(team)s and plan_id is not null
          and answered_plan_id is distinct from plan_id and claim_id is null
        order by tier_order, order_key limit limits.own_each
    ) as own where own_each is not null
    group by own_each having count(*) >= own_each
)
"""
"""`reached`: a row for each limit that the rep or its team has reached, and when it ends.

A day is any 24 hours, so that no midnight opens the door for everybody. None returns by the clock
where the rep has enough leads of its own: one of them has to end.
"""
