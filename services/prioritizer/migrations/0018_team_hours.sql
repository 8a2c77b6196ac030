-- Teams whose working hours, by the playbook that came into force last, leave nobody at work now.
create view prioritizer.closed_teams as
    select team, shift from (
        select told ->> 'name' as team, told -> 'hours' as shift,
            now() at time zone (told #>> '{hours,time_zone}') as clock
        from (
            select teams from prioritizer.playbooks
            where published_at is not null order by published_at desc limit 1
        ) as latest cross join jsonb_array_elements(teams) as told
        where told ? 'hours'
    ) as working
    where not (
        shift -> 'days' ? (array['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])[
            extract(isodow from clock)::integer]
        and clock::time >= split_part(shift ->> 'hours', '-', 1)::time
        and clock::time < split_part(shift ->> 'hours', '-', 2)::time);
