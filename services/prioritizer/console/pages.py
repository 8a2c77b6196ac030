"""The console's pages: rendered here, escaped always, and nothing in them from anywhere else."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi import Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from engagement.calendar.zones import zone
from services.prioritizer.claims.why import BLOCKS, counted, span
from services.prioritizer.reading.person import name

HERE = Path(__file__).parent
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self';"
    " connect-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",  # with none, a browser would hide where a form comes from
}
PROBLEMS = {
    "already-closed": "That touch was ended before, in another way. What stands was kept.",
    "lease-lost": "The lease ran out before you answered; another rep may have the lead now.",
    "plan-withdrawn": "The touch is not wanted any more: the lead answered or opted out, say. Do"
    " not make it. If it was made, end it with its result; else give the lead back.",
    "stale-fence": "That page was of an earlier hold of the lead. Here is what is yours now.",
    "unknown-claim": "That lead is no longer yours.",
    "callback-out-of-range": "The callback must be later than now, and within a year.",
    "callback-not-kept": "That result keeps no callback, so the promise would be lost. Choose a"
    " result that calls back, or clear the callback.",
    "unknown-result-code": "That result is none of this touch. Choose one of the buttons.",
    "skips-used-up": "You gave back as many leads today as you may. End this touch with a result.",
    "picking-not-allowed": "The playbook lets nobody pick leads from the list.",
    "limit-reached": "A limit keeps that lead back from you now. The lists say until when.",
    "not-ready": "Somebody took that lead, or its time has not come. The list is fresh now.",
    "another-in-hand": "End the touch with the lead that you hold first.",
    "reason-needed": "Say why you give the lead back.",
    "no-such-time": "Write the callback as a date and a time.",
    "skipped-time": "That night the lead's clock goes forward, and never shows the time that you"
    " chose. Choose one an hour earlier or later.",
    "doubled-time": "That night the lead's clock goes back, and shows the time that you chose"
    " twice. Choose one an hour earlier or later.",
    "not-clocked-in": "Clock in first, then ask for the next lead.",
    "paused": "You pause. Clock in to go on.",
    "time-off": "You have time off now, so no lead is given to you.",
    "outside-hours": "It is outside working hours: your own, or else those of your team in the"
    " playbook.",
    "none-due": "No lead is due now. What waits, and until when, is in the lists.",
    "role-needed": "Only reps are given leads. Sign in with a rep's key.",
    "console-not-yours": "Your key is that of an analyst, of an operator, or of nobody's team, and"
    " the console shows a team its leads. Use the API, or sign in with another key.",
    "no-such-filter": "There is no such filter. All leads are shown.",
    "invalid-cursor": "The list does not know the place from which it was to go on.",
    "unknown-lead": "Your team has no such lead. It may have been another team's, or the address"
    " is misspelt.",
    "database-away": "The database does not answer. Nothing was lost; try again in a moment. What"
    " you sent is sent again when you load this page anew, and is done once.",
}
"""What a rep reads of each refusal."""

NOT_POSSIBLE = "That was not possible. Nothing was changed."


def words(type_: str) -> str:
    """The refusal in a rep's words."""
    return PROBLEMS.get(type_, NOT_POSSIBLE)


def _local(moment: datetime, time_zone: str) -> str:
    return f"{moment.astimezone(zone(time_zone)):%a %d %b %H:%M}"


def _picked(moment: datetime, time_zone: str) -> str:
    """As a date and time field of a form takes it."""
    return f"{moment.astimezone(zone(time_zone)):%Y-%m-%dT%H:%M}"


def mailto(address: str) -> str:
    """A link to write to it (RFC 6068), in which an address adds no copies and no subject."""
    box, _, domain = address.rpartition("@")
    return f"mailto:{quote(box, safe='')}@{quote(domain, safe='')}"


def _between(first: datetime, second: datetime) -> str:
    return span(int(abs(second - first).total_seconds()))


_PAGES = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=select_autoescape(default=True),
    undefined=StrictUndefined,
    finalize=lambda told: "" if told is None else told,
    trim_blocks=True,
    lstrip_blocks=True,
)
_PAGES.globals.update(
    name=name,
    local=_local,
    mailto=mailto,
    picked=_picked,
    between=_between,
    span=span,
    counted=counted,
    blocks=BLOCKS,
    withdrawn=PROBLEMS["plan-withdrawn"],
    fresh_key=lambda: secrets.token_urlsafe(16),
)


def page(
    template: str, status: int = 200, headers: Mapping[str, str] | None = None, **what: Any
) -> Response:
    """The page, with the headers that let it load nothing foreign."""
    problem = what.pop("problem", None)
    told = words(problem) if problem else None
    body = _PAGES.get_template(template).render(problem=told, **what)
    return Response(body, status, HEADERS | dict(headers or {}), "text/html; charset=utf-8")
