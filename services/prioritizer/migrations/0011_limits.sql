-- The playbook that came into force last says what its teams may begin.
alter table prioritizer.playbooks
    add column published_at timestamptz,
    add column teams jsonb;
create index playbooks_by_publication on prioritizer.playbooks (published_at desc)
    where published_at is not null;

create view prioritizer.limits as
    select told ->> 'name' as team,
        (told ->> 'new_leads_a_day')::integer as new_a_day,
        (told ->> 'new_leads_a_day_per_rep')::integer as new_a_day_each,
        (told ->> 'own_leads_per_rep')::integer as own_each
    from (
        select teams from prioritizer.playbooks
        where published_at is not null order by published_at desc limit 1
    ) as latest cross join jsonb_array_elements(teams) as told;

-- The team for which a claim begins a new lead; none: it goes on with one.
alter table prioritizer.claims add column begins_for text;
create index claims_begun_by_rep on prioritizer.claims (rep_id, claimed_at)
    where begins_for is not null and state in ('open', 'disposed');
create index claims_begun_by_team on prioritizer.claims (begins_for, claimed_at)
    where begins_for is not null and state in ('open', 'disposed');
