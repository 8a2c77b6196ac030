"""The statement behind a lead's standing."""

from services.prioritizer.serving.here_sql import away
from services.prioritizer.serving.kept_back_sql import MOST_COUNTED
from services.prioritizer.serving.limit_sql import REACHED, limit
from services.prioritizer.serving.order_sql import SIDES, told

_AHEAD = " union all ".join(
    f"""(
        select 1 from prioritizer.{side} as ahead
        where ahead.team = leads.team
          and (ahead.anyone_from <= now() or ahead.for_rep = %(rep_id)s
            or {away("ahead")})
          and (not ahead.begins or ahead.for_rep is not distinct from %(rep_id)s
            or not exists (select from reached))
          and (ahead.tier_order, ahead.order_key, ahead.not_before, ahead.lapses_at, ahead.lead_id)
            < (place.tier_order, place.order_key, leads.not_before, leads.lapses_at, leads.lead_id)
        limit {MOST_COUNTED})"""  # noqa: S608 - our own words
    for side in SIDES
)
LOOK = f"""
with {REACHED}
select leads.lead_id, leads.playbook_digest, place.tier, place.tier_order, place.order_key,
    place.terms, {told("place")} as told,
    floor(extract(epoch from now() - leads.since)) as age_seconds,
    leads.not_before, leads.lapses_at, leads.anyone_from, leads.for_rep, now() as asked_at,
    leads.plan_id is not null and leads.answered_plan_id is distinct from leads.plan_id as planned,
    waiting.rule as waits, waiting.returns_at as waits_until,
    leads.paused_since is not null as paused,
    coalesce(leads.plan, automated.plan, leads.paused_plan) as plan, (
        select min(lower(hours)) from unnest(leads.open_hours) as hours where now() < upper(hours)
    ) as reopens_at, automated.not_before as tools_from, claims.rep_id as held_by,
    claims.leased_until as held_until,
    exists (select from vault.keys where subject = leads.lead_id) as known,
    {away("leads")} as owner_away,
    limits.rule as limited, limits.returns_at as limited_until,
    exists (select from prioritizer.claims as given_back
        where given_back.plan_id = leads.plan_id and given_back.rep_id = %(rep_id)s
          and given_back.state = 'released') as given_back,
    (select count(*) from ({_AHEAD} limit {MOST_COUNTED}) as first) as before
from prioritizer.leads
cross join lateral (
    select tier, tier_order, order_key, terms, playbook_digest where now() < tier_until
    union all
    select later_tier, later_order, later_key, later_terms, playbook_digest
    where tier_until <= now()
) as place
left join prioritizer.waiting on waiting.lead_id = leads.lead_id
left join prioritizer.automated on automated.lead_id = leads.lead_id
left join prioritizer.claims on claims.claim_id = leads.claim_id and now() < leased_until
left join lateral ({limit("leads")}) as limits on true
where leads.lead_id = %(lead_id)s and (leads.team = %(team)s or %(all_teams)s)
"""  # noqa: S608 - our own words
