-- Who is not heard of any more is told to the log once, and is absent from then on by name, too.
alter table prioritizer.presence drop constraint presence_state_check;
alter table prioritizer.presence add constraint presence_state_check
    check (state in ('clocked-in', 'paused', 'left', 'absent'));
