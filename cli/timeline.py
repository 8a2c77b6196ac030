"""`touchline playbook timeline`: what a cadence would do to a lead, before anything is done."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from cli.aligned_text import aligned_lines
from cli.local import AsJson
from cli.sample_lead import Entered, LeadPlace, LeadZone, features, moment
from cli.timeline_picture import Picture, picture
from engagement import zones
from engagement.cadence.timeline import entering, timeline
from engagement.calendar.place import place
from engagement.playbook import Playbook
from engagement.playbook.faults import PlaybookError
from engagement.playbook.reading import from_yaml
from schemas.events.decision import TouchPlanned

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A playbook.")]
CadenceName = Annotated[
    str | None, typer.Option("--cadence", help="Which one.", show_default="that of every lead")
]
Plot = Annotated[
    Path | None,
    typer.Option(dir_okay=False, help="Draw a picture into this file, .svg or .png, instead."),
]

HEADINGS = ("step", "day", "not before", "due", "lapses", "channel", "activity")
Row = tuple[str, ...]


def show(  # noqa: PLR0913, PLR0917  one for each option
    file: File,
    entered: Entered,
    cadence: CadenceName = None,
    lead_zone: LeadZone = None,
    lead_place: LeadPlace = None,
    plot: Plot = None,
    as_json: AsJson = False,
) -> None:
    """Show every touch of a lead, each made as soon as it may be, by the lead's own clock.

    Example: touchline playbook timeline playbooks/telfer.yaml --entered 2026-03-27T16:00Z
    """
    try:
        playbook = _entering(from_yaml(file.read_text(encoding="utf-8"), str(file)), cadence)
        lead = features(lead_zone, lead_place)
        plans = tuple(timeline(playbook, lead, moment(entered)))
        if plot is not None:
            _draw(picture(playbook, lead, plans), plot)
            return
    except PlaybookError as error:
        typer.echo(str(error))
        raise typer.Exit(1) from None
    except ValueError as error:
        typer.echo(f"touchline: {error}", err=True)
        raise typer.Exit(1) from None
    _tell(plans, place(lead, playbook.calendar).time_zone, as_json)


def lines(plans: Sequence[TouchPlanned], zone: str) -> list[str]:
    """The touches as aligned text, one a line, under headings."""
    return aligned_lines([HEADINGS, *rows_of(plans, zone)])


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
        only_if = f" (only if {plan.waits_for})" if plan.waits_for else ""
        rows.append((str(plan.step), str(day), *moments, channel, plan.activity + only_if))
    return rows


def _entering(playbook: Playbook, cadence: str | None) -> Playbook:
    last = playbook.entry[-1]
    name = cadence or last.cadence or playbook.experiment[last.experiment or ""].control
    if name not in playbook.cadence:
        raise ValueError(f"--cadence: no such cadence; use one of {', '.join(playbook.cadence)}")
    return entering(playbook, name)


def _draw(shown: Picture, file: Path) -> None:
    try:
        from cli.timeline_plot import SUFFIXES, plot  # noqa: PLC0415  a second, spent by few
    except ModuleNotFoundError as error:
        raise ValueError(f"--plot: {error.name} is missing; install touchline[plot]") from None
    if file.suffix not in SUFFIXES:
        raise ValueError(f"--plot: {file.name} is no picture; end it in {' or '.join(SUFFIXES)}")
    plot(shown, file)
    typer.echo(str(file))


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
