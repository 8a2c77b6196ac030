"""`touchline playbook timeline`: what a cadence would do to a lead, before anything is done."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, get_args

import typer

from cli.failure import fail
from cli.local import AsJson
from cli.playbook_files import read
from cli.sample_lead import Entered, LeadPlace, LeadZone, Told, features, moment
from cli.timeline_picture import Picture, picture
from cli.timeline_told import Turn, tell
from engagement.cadence.timeline import course, entering
from engagement.calendar.place import place
from engagement.playbook import Playbook
from engagement.playbook.faults import PlaybookError
from schemas.events.fact import Features
from schemas.events.lead import Signal
from schemas.events.plan import TouchPlanned

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A playbook.")]
CadenceName = Annotated[
    str | None,
    typer.Option("--cadence", help="Which one.", show_default="the one that this lead enters"),
]
Plot = Annotated[
    Path | None,
    typer.Option(dir_okay=False, help="Draw a picture into this file, .svg or .png, instead."),
]
NOWHERE = "the lead enters no cadence: each step is on a channel that it denies, or for others"
SIGNALS: tuple[Signal, ...] = get_args(Signal)
Seen = Annotated[
    list[str] | None,
    typer.Option(help=f"What the lead does with each message: {', '.join(SIGNALS)}; repeatable."),
]


def show(  # noqa: PLR0913, PLR0917  one for each option
    file: File,
    entered: Entered = None,
    cadence: CadenceName = None,
    lead_zone: LeadZone = None,
    lead_place: LeadPlace = None,
    lead: Told = None,
    seen: Seen = None,
    plot: Plot = None,
    as_json: AsJson = False,
) -> None:
    """Show every touch of a lead, each made as soon as it may be, by the lead's own clock.

    A step that is left out is shown with the reason: its condition, or a consent.

    Example: touchline playbook timeline playbooks/telfer.yaml --entered 2026-03-27T16:00Z
    """
    try:
        told = features(lead_zone, lead_place, lead or ())
        playbook = _entering(read(file), cadence, told)
        turns = tuple(course(playbook, told, moment(entered), _signals(seen or ())))
        if plot is not None:
            _draw(picture(playbook, told, _touches(turns)), plot)
            return
    except PlaybookError as error:
        typer.echo(str(error))
        raise typer.Exit(1) from None
    except ValueError as error:
        fail(str(error))
    if not turns:
        typer.echo(f"touchline: {NOWHERE}", err=True)
    tell(turns, place(told, playbook.calendar).time_zone, as_json)


def _entering(playbook: Playbook, cadence: str | None, lead: Features) -> Playbook:
    rule = playbook.entry_for(lead)
    name = cadence or rule.cadence or playbook.experiment[rule.experiment or ""].control
    if name not in playbook.cadence:
        raise ValueError(f"--cadence: no such cadence; use one of {', '.join(playbook.cadence)}")
    return entering(playbook, name)


def _signals(words: Sequence[str]) -> tuple[Signal, ...]:
    if unknown := [word for word in words if word not in SIGNALS]:
        raise ValueError(f"--seen {unknown[0]}: no such sign; use one of {', '.join(SIGNALS)}")
    return tuple(signal for signal in SIGNALS if signal in words)


def _touches(turns: Sequence[Turn]) -> tuple[TouchPlanned, ...]:
    touches = tuple(turn for turn in turns if isinstance(turn, TouchPlanned))
    if not touches:
        raise ValueError("--plot: no touch is made of this lead; look at it without --plot")
    return touches


def _draw(shown: Picture, file: Path) -> None:
    try:
        from cli.timeline_plot import SUFFIXES, plot  # noqa: PLC0415  a second, spent by few
    except ModuleNotFoundError as error:
        raise ValueError(f"--plot: {error.name} is missing; install touchline[plot]") from None
    if file.suffix not in SUFFIXES:
        raise ValueError(f"--plot: {file.name} is no picture; end it in {' or '.join(SUFFIXES)}")
    plot(shown, file)
    typer.echo(str(file))
