"""`touchline playbook timeline`: what a cadence would do to a lead, before anything is done."""

import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from cli.local import AsJson
from engagement import zones
from engagement.cadence.timeline import entering, timeline
from engagement.playbook import Playbook
from engagement.playbook.faults import PlaybookError
from engagement.playbook.reading import from_yaml
from schemas.events.decision import TouchPlanned
from schemas.events.fact import Features

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A playbook.")]
CadenceName = Annotated[
    str | None, typer.Option("--cadence", help="Which one.", show_default="that of every lead")
]
LeadZone = Annotated[
    str | None, typer.Option(help="The lead's time zone.", show_default="the calendar's")
]
Entered = Annotated[
    str, typer.Option(help="When the lead enters, in ISO 8601; without an offset it is UTC.")
]

HEADINGS = ("step", "day", "not before", "due", "lapses", "channel", "activity")
Row = tuple[str, ...]


def show(
    file: File,
    entered: Entered,
    cadence: CadenceName = None,
    lead_zone: LeadZone = None,
    as_json: AsJson = False,
) -> None:
    """Show every touch of a lead, each made as soon as it may be, by the lead's own clock.

    Example: touchline playbook timeline playbooks/telfer.yaml --entered 2026-03-27T16:00Z
    """
    try:
        playbook = _entering(from_yaml(file.read_text(encoding="utf-8"), str(file)), cadence)
        zone = _zone(lead_zone or playbook.calendar.time_zone)
        features = Features(source="timeline", time_zone=zone)
        plans = tuple(timeline(playbook, features, _moment(entered)))
    except PlaybookError as error:
        typer.echo(str(error))
        raise typer.Exit(1) from None
    except ValueError as error:
        typer.echo(f"touchline: {error}", err=True)
        raise typer.Exit(1) from None
    _tell(plans, zone, as_json)


def lines(plans: Sequence[TouchPlanned], zone: str) -> list[str]:
    """The touches as aligned text, one a line, under headings."""
    rows = [HEADINGS, *rows_of(plans, zone)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]


def rows_of(plans: Sequence[TouchPlanned], zone: str) -> list[Row]:
    """A row of texts for each touch; the day counts from 1 by the lead's calendar."""
    local = zones.zone(zone)
    first = plans[0].recorded_at.astimezone(local).date()
    rows = []
    for plan in plans:
        opens, due, lapses = (
            moment.astimezone(local) for moment in (plan.not_before, plan.due_at, plan.lapses_at)
        )
        moments = (f"{at:%a %Y-%m-%d %H:%M%z}" for at in (opens, due, lapses))
        channel = f"{plan.channel} {plan.kind}" if plan.kind else plan.channel
        day = (opens.date() - first).days + 1
        rows.append((str(plan.step), str(day), *moments, channel, plan.activity))
    return rows


def _entering(playbook: Playbook, cadence: str | None) -> Playbook:
    name = cadence or playbook.entry[-1].cadence
    if name not in playbook.cadence:
        raise ValueError(f"--cadence: no such cadence; use one of {', '.join(playbook.cadence)}")
    return entering(playbook, name)


def _zone(name: str) -> str:
    if name not in zones.names():
        raise ValueError("--lead-zone: not an IANA time zone; write one such as Europe/Berlin")
    return name


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("--entered: not a moment; write one as 2026-03-27T16:00Z") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _tell(plans: Sequence[TouchPlanned], zone: str, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps([_told(plan) for plan in plans]))
    elif sys.stdout.isatty():
        table = Table(*HEADINGS)
        for row in rows_of(plans, zone):
            table.add_row(*row)
        Console().print(table)
    else:
        typer.echo("\n".join(lines(plans, zone)))


def _told(plan: TouchPlanned) -> dict[str, Any]:
    known = {"step", "channel", "kind", "activity", "not_before", "due_at", "lapses_at"}
    return plan.model_dump(mode="json", include=known)
