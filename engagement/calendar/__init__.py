"""Where a lead is, and when it may be touched there.

    from engagement.calendar.place import Place, place
    from engagement.calendar.window import SHORTEST, Window, local_date, next_window

`place(features, calendar) -> Place(time_zone, zone_source, country, region)` says where a lead
is: by the zone it came with ("given"), by the region of its country ("region"), by a country of
one time ("country"), or else the playbook's ("playbook").

`next_window(calendar, hours, place, channel, day, now) -> Window(opens_at, closes_at, denied)` is
the first window on or after `day` of which, from `now` on, SHORTEST is left. `hours` are the
step's own, or `calendar.hours_on(weekday)` where they are None. `denied` is the proof: which rule
closed each day before it, and until when, as `Denied(rule, until)`, oldest first.
"""
