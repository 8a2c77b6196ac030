-- A rep may hold several leads where the playbook says so: each in a place of its own, so that two
-- questions at once never take more.
alter table prioritizer.claims add column place integer not null default 1 check (place > 0);
create unique index claims_one_open_a_place on prioritizer.claims (rep_id, place) where state = 'open';
drop index prioritizer.claims_one_open_a_rep;

create or replace view prioritizer.limits as
    select told ->> 'name' as team,
        (told ->> 'new_leads_a_day')::integer as new_a_day,
        (told ->> 'new_leads_a_day_per_rep')::integer as new_a_day_each,
        (told ->> 'own_leads_per_rep')::integer as own_each,
        (told ->> 'open_claims_per_rep')::integer as open_each
    from (
        select teams from prioritizer.playbooks
        where published_at is not null order by published_at desc limit 1
    ) as latest cross join jsonb_array_elements(teams) as told;
