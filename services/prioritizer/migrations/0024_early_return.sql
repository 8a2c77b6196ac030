-- For which time off a lead was paused last, as that was entered, and from when on its touch could
-- have been made: should the time off end early, the lead goes on early, too.
alter table prioritizer.leads add column off_id uuid;
alter table prioritizer.leads add column off_opens_at timestamptz;
alter table prioritizer.leads add column off_waits boolean;
create index leads_paused_for_time_off on prioritizer.leads (off_id, lead_id)
    where off_id is not null;

-- When a time off was to end that was ended early; it ends now when that was said.
alter table prioritizer.time_off add column was_to_end_at timestamptz;
create index time_off_ended_early on prioritizer.time_off (was_to_end_at)
    where was_to_end_at is not null;
