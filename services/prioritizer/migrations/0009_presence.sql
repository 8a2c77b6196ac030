-- Who works: each rep's own word, which holds until then. Whoever is not heard of again is absent.
create table prioritizer.presence (
    rep_id text primary key,
    team text not null,
    state text not null check (state in ('clocked-in', 'paused', 'left')),
    since timestamptz not null,
    until timestamptz not null
) with (fillfactor = 50);
create index presence_by_team on prioritizer.presence (team);

-- When somebody does not work, known before; without a rep, the whole team.
create table prioritizer.time_off (
    time_off_id uuid primary key default gen_random_uuid(),
    team text not null,
    rep_id text,
    begins_at timestamptz not null,
    ends_at timestamptz not null,
    recorded_by text not null,
    recorded_at timestamptz not null default now(),
    check (begins_at < ends_at)
);
create index time_off_by_team on prioritizer.time_off (team, ends_at);

-- Reps whose own touches go to the team, and whether the calls that they promised go at once, as
-- on a day off, or after the usual grace. Of reps who never clocked in nobody knows.
create view prioritizer.absent as
    select team, rep_id, bool_or(off) as off from (
        select team, rep_id, false as off from prioritizer.presence
        where state = 'left' or until <= now()
        union all
        select team, rep_id, true from prioritizer.time_off
        where rep_id is not null and begins_at <= now() and now() < ends_at
    ) as away group by team, rep_id;

-- A lead that went back because its rep left.
alter table prioritizer.claims drop constraint claims_state_check;
alter table prioritizer.claims add constraint claims_state_check
    check (state in ('open', 'released', 'expired', 'disposed', 'left'));
