"""Where a lead is, and when it may be touched there.

    from engagement.calendar.place import Place, place
    from engagement.calendar.rules import SHORTEST
    from engagement.calendar.window import Denied, Permitted, Window
    from engagement.calendar.window import local_date, next_window, permitted_from
    from engagement.calendar.never import never_opens

`place(features, calendar) -> Place(time_zone, zone_source, country, region)` says where a lead
is: by the zone it came with ("given"), by the region of its country ("region"), by a country of
one time ("country"), or else by the playbook ("playbook"). Region and country tell a zone only
to a calendar with `infer_zone`, so that older playbooks decide as they did.

`next_window(calendar, hours, place, channel, day, now)` is the first window on or after `day` of
which, from `now` on, SHORTEST is left. `hours` are those of the step, or `calendar.hours`. What
comes back, `Window(opens_at, closes_at, rule, denied, day_closes_at)`, carries its proof: `rule`
let it open, and each `Denied(rule, until)` closed one of the days before it. A window ends where
lunch begins, its day with its last window: until then a touch of the morning can be made.

`permitted_from(calendar, place, channel, moment)` is the next moment that calling rules leave,
whatever the calendar's days and hours are: a first touch is made at any other hour.

`never_opens(calendar, hours, channel)` says why these hours of a step would wait for ever, or
nothing: a playbook with such a step is refused at check. Were it not, the step would be taken in
the calendar's hours: `next_window` answers for every calendar that was checked.
"""
