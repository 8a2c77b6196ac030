-- Whose cadence was paused while its team is off: the plan that was open then, told of once.
alter table prioritizer.leads add column off_plan_id uuid;
