-- Whoever notifies holds a lock of the whole database until its commit is on disk, so commits that
-- notified waited for each other, in this service and in all others that notify. Now a commit notes
-- what it changed; who listens forwards it some times a second. Notes need not outlive a crash:
-- then every listener begins anew.
create unlogged table prioritizer.changes (
    id bigint generated always as identity primary key,
    team text not null,
    kind text not null
) with (autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 5000);

create or replace function prioritizer.tell_of_lead() returns trigger language plpgsql as $$
begin
    insert into prioritizer.changes (team, kind) values (new.team,
        case when new.plan_id is null then 'lead-cleared' else 'lead-planned' end);
    return null;
end $$;

create or replace function prioritizer.tell_of_claim() returns trigger language plpgsql as $$
begin
    insert into prioritizer.changes (team, kind)
    select team, case when new.state = 'open' then 'lead-claimed' else 'claim-ended' end
    from prioritizer.leads where lead_id = new.lead_id;
    return null;
end $$;
