"""The statements about a lead in hand, each of one claim."""

LOCK = """
with here as (
    update prioritizer.presence set until = now() + %s
    where rep_id = %s and state = 'clocked-in' and now() < until returning true
)
select claims.*, clock_timestamp() as asked_at,
    leads.plan_id is distinct from claims.plan_id as withdrawn,
    leads.plan_id is not distinct from claims.plan_id and leads.fence = claims.fence
        and leads.answered_plan_id is distinct from leads.plan_id and leads.claim_id is null
        as untouched_since
from prioritizer.claims join prioritizer.leads using (lead_id)
where (select count(*) from here) >= 0 and claims.claim_id = %s and rep_id = %s
for update of claims, leads
"""
# Whoever works on a lead is there. The rep's row first, in the order in which all lock; the lead
# under its lock, so that what is said of its plan holds until the commit.
RENEW = """
update prioritizer.claims set leased_until = clock_timestamp() + %s
where claim_id = %s returning *
"""
CLOSE = """
with freed as (
    update prioritizer.leads set claim_id = null,
        answered_plan_id = case when %(answered)s then %(plan_id)s else answered_plan_id end,
        anyone_from = case when %(state)s = 'released' and for_rep = %(rep_id)s
            and plan_id = %(plan_id)s then least(anyone_from, now()) else anyone_from end
    where lead_id = %(lead_id)s and fence = %(fence)s
)
update prioritizer.claims
set state = %(state)s, outcome = %(outcome)s, callback_at = %(callback_at)s,
    excused = %(excused)s, closed_at = clock_timestamp()
where claim_id = %(claim_id)s returning *
"""
# By the fence: a lease that ran out has left the lead, and no other claim was made of it since.
# The rep's own touch is anybody's then: nobody else is given it, and the rep not again.
