-- When a touch may be made, where lunch, a night or the law closes what lies between the first
-- moment and the last; none: at any moment between. not_before and lapses_at are then those of one
-- of these times, and no reader has to know: when it is over, the row goes on to the next.
alter table prioritizer.leads add column open_hours tstzmultirange;
alter table prioritizer.automated add column open_hours tstzmultirange;

-- A touch that waits for its next opening is kept back by that alone.
drop view prioritizer.waiting;
create view prioritizer.waiting as
    select leads.*,
        case
            when (plan ->> 'not_before')::timestamptz < not_before then 'window-not-open'
            when plan ->> 'moved_from' is not null then 'pause-or-cap'
            when plan ->> 'again' = 'callback' then 'callback-not-due'
            when plan ->> 'again' is not null then 'wait-after-result'
            else 'window-not-open'
        end as rule
    from prioritizer.leads
    where plan_id is not null and answered_plan_id is distinct from plan_id and claim_id is null
      and now() < not_before;
