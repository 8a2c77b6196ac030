"""Why a rep does not work now, and who may say when somebody does: what to do instead."""

from datetime import datetime
from uuid import UUID

from services.runtime.doors.problem import FieldError, Problem, of_field


def not_clocked_in() -> Problem:
    """The rep does not work now, as far as anybody knows."""
    detail = 'Clock in first: POST /v1/presence with {"state": "clocked-in"}. Then ask again.'
    return Problem(409, "not-clocked-in", "You are not clocked in", detail)


def pausing() -> Problem:
    """The rep said so."""
    detail = 'End the pause: POST /v1/presence with {"state": "clocked-in"}. Then ask again.'
    return Problem(409, "paused", "You pause", detail)


def off_work(until: datetime) -> Problem:
    """The rep, or the whole team, has time off."""
    detail = (
        f"You have time off until {until.isoformat()}. Ask then, or have it taken out: GET"
        " /v1/time-off lists it, DELETE /v1/time-off/<its id> ends it."
    )
    return Problem(409, "time-off", "You have time off", detail)


def outside_hours(begins_at: datetime, *, own: bool) -> Problem:
    """The rep does not work now, by hours of the rep's `own`, or by the team's in the playbook."""
    who, fix = (
        ("You work", "change your hours: PUT /v1/rep-hours/<your id>")
        if own
        else ("Your team works", "change `hours` of the team in the playbook")
    )
    whose = "your" if own else "your team's"
    detail = f"{who} again from {begins_at.isoformat()}. Ask then, or {fix}."
    return Problem(409, "outside-hours", f"Outside {whose} working hours", detail)


def unknown_time_off(time_off_id: UUID) -> Problem:
    """It does not exist, or is not the caller's to end: nobody learns which."""
    detail = f"No time off {time_off_id} that you may end. GET /v1/time-off lists your team's."
    return Problem(404, "unknown-time-off", "No such time off", detail)


def not_your_time_off() -> Problem:
    """Reps speak for themselves; managers for everybody of the team."""
    error = FieldError("body.rep_id", "your-own", "send your own id, or have a manager enter it")
    return of_field(403, "not-your-time-off", "Only a manager enters time off for others", error)


def no_own_hours(rep_id: str) -> Problem:
    """The rep has no hours in this team that could be taken out."""
    detail = f"{rep_id!r} works at your team's hours. GET /v1/rep-hours lists who has others."
    return Problem(404, "no-own-hours", "The rep has no hours of its own", detail)


def not_your_hours() -> Problem:
    """Reps speak for themselves; managers for everybody of the team."""
    error = FieldError("path.rep_id", "your-own", "name yourself, or have a manager change them")
    return of_field(403, "not-your-hours", "Only a manager changes the hours of others", error)


def zone_not_known(zone: str) -> Problem:
    """The database's time zones are older than ours."""
    error = FieldError("body.time_zone", "known-to-postgresql", "write a zone with the same clock")
    return of_field(422, "zone-not-known", f"The database does not know {zone}", error)
