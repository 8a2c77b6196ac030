-- Whether somebody of this shift works at this moment. PostgreSQL raises where it does not know the
-- shift's time zone.
create function prioritizer.works(shift jsonb, moment timestamptz) returns boolean
language sql stable parallel safe
return shift -> 'days' ? (array['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])[
        extract(isodow from moment at time zone (shift ->> 'time_zone'))::integer]
    and (moment at time zone (shift ->> 'time_zone'))::time
        >= split_part(shift ->> 'hours', '-', 1)::time
    and (moment at time zone (shift ->> 'time_zone'))::time
        < split_part(shift ->> 'hours', '-', 2)::time;

create or replace view prioritizer.closed_teams as
    select told ->> 'name' as team, told -> 'hours' as shift
    from (
        select teams from prioritizer.playbooks
        where published_at is not null order by published_at desc limit 1
    ) as latest cross join jsonb_array_elements(teams) as told
    where told ? 'hours' and not prioritizer.works(told -> 'hours', now());

-- The hours of one rep, which stand for those of the rep's team.
create table prioritizer.rep_hours (
    team text not null,
    rep_id text not null,
    shift jsonb not null,
    primary key (team, rep_id)
);

-- Reps whom their own hours leave out of work now.
create view prioritizer.closed_reps as
    select team, rep_id, shift from prioritizer.rep_hours where not prioritizer.works(shift, now());

-- Outside a rep's hours, as on a day off, the rep's touches are the team's at their time: that
-- nobody will be there was known before.
create or replace view prioritizer.absent as
    select team, rep_id, bool_or(off) as off from (
        select team, rep_id, false as off from prioritizer.presence
        where state = 'left' or until <= now()
        union all
        select team, rep_id, true from prioritizer.time_off
        where rep_id is not null and begins_at <= now() and now() < ends_at
        union all
        select team, rep_id, true from prioritizer.closed_reps
    ) as away group by team, rep_id;
