"""What a rep has in hand, and whether it may be more: parts of the statements that serve."""

HAND = """
held as (
    select * from prioritizer.claims
    where rep_id = %(rep_id)s and state = 'open' and now() < leased_until
), hand as materialized (
    select coalesce((select max(open_each) from limits), 1) as places,
        (select count(*) from held) as taken
)
"""
"""`held`: the rep's claims; `hand`: how many leads the rep may hold, and holds. After `limits`."""

PLACES_OF_TEAM = "select coalesce(max(open_each), 1) from prioritizer.limits where team = %s"
"""How many leads a rep of the team may hold."""

ROOM = "(select taken < places from hand)"
"""Whether the rep may be given one more."""

FREE = f"{ROOM} and not exists (select from reached where every)"
"""The same, where no limit keeps every touch back. After `reached`."""

PLACE = """
    coalesce((
        select place from generate_series(1, (select places from hand)) as places (place)
        where place not in (
            select claims.place from prioritizer.claims
            where rep_id = %(rep_id)s and state = 'open')
        order by place limit 1), 1)
"""
"""The first free place of the hand; a taken one where none is, so that nothing is given."""

LAST_AGAIN = f"""
    select * from held where not {ROOM}
    order by claimed_at desc, place desc limit 1
"""  # noqa: S608 - our own words
"""With a full hand, the claim that was made last."""

THAT_AGAIN = f"""
    select * from held where lead_id = %(picked)s or not {ROOM}
    order by (lead_id = %(picked)s) desc, claimed_at desc, place desc limit 1
"""  # noqa: S608 - our own words
"""The claim of the lead that was picked; with a full hand, else, the one that was made last."""
