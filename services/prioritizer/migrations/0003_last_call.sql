-- A rep's own touch is the team's half an hour before it lapses, if not sooner.
update prioritizer.leads set anyone_from = least(anyone_from, lapses_at - interval '30 minutes')
where for_rep is not null;
