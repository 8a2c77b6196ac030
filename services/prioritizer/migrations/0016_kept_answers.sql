-- The same table as other services keep their answers in; headers say why nobody was given out.
alter table prioritizer.kept_answers rename column rep_id to caller;
alter table prioritizer.kept_answers rename column lead_id to subject;
alter table prioritizer.kept_answers add column headers jsonb;
