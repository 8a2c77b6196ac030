create or replace view prioritizer.limits as
    select told ->> 'name' as team,
        (told ->> 'new_leads_a_day')::integer as new_a_day,
        (told ->> 'new_leads_a_day_per_rep')::integer as new_a_day_each,
        (told ->> 'own_leads_per_rep')::integer as own_each,
        (told ->> 'open_claims_per_rep')::integer as open_each,
        (told ->> 'touches_a_day_per_rep')::integer as touches_a_day_each,
        (told ->> 'active_leads')::integer as active_leads
    from (
        select teams from prioritizer.playbooks
        where published_at is not null order by published_at desc limit 1
    ) as latest cross join jsonb_array_elements(teams) as told;

create index claims_disposed_by_rep on prioritizer.claims (rep_id, closed_at)
    where state = 'disposed';
