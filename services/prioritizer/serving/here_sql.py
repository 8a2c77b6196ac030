"""Who works now: parts of the statements that serve, list and explain."""

CLOSED = """
        select shift, true as own from prioritizer.closed_reps
        where team = %(team)s and rep_id = %(rep_id)s
        union all
        select shift, false from prioritizer.closed_teams
        where team = %(team)s and not exists (
            select from prioritizer.rep_hours where team = %(team)s and rep_id = %(rep_id)s)"""
"""A row where the rep does not work at this hour: by hours of its `own`, or by the team's."""

LOCK_REP = "select from prioritizer.presence where rep_id = %s for update"
"""Before anything else that is locked, also claims that ran out: who tells of a touch holds the
rep's row, and waits for the claim's."""

# The rep's own row is locked by it: who leaves at the same moment has the lead to hand back, or is
# given none.
HERE = f"""
    insert into prioritizer.presence as known (rep_id, team, state, since, until)
    select %(rep_id)s, %(team)s, 'clocked-in', now(), now() + %(present)s
    where not exists (
        select from prioritizer.time_off
        where team = %(team)s and (rep_id = %(rep_id)s or rep_id is null)
          and begins_at <= now() and now() < ends_at)
      and not exists ({CLOSED})
      and (not %(demanded)s or exists (
        select from prioritizer.presence
        where rep_id = %(rep_id)s and state = 'clocked-in' and now() < until))
    on conflict (rep_id) do update set
        team = excluded.team, state = excluded.state, until = excluded.until,
        since = case when known.team = excluded.team and known.state = 'clocked-in'
            and now() < known.until then known.since else excluded.since end
    where case when now() < known.until then known.state = 'clocked-in' else not %(demanded)s end
    returning since
"""  # noqa: S608 - our own words
"""A row where the rep works now, or begins to by asking, since now then; it is a sign of life."""


def away(of: str, team: str | None = None) -> str:
    """Whether the touch in the row `of` is everybody's, as the rep whose it is does not work.

    A promised call of a rep who only left is kept for the usual grace. `team` is the row's, where
    the statement knows it: then it alone is looked at.
    """
    return f"""exists (
        select from prioritizer.absent where absent.team = {team or f"{of}.team"}
          and absent.rep_id = {of}.for_rep and (absent.off or not {of}.promised))"""
