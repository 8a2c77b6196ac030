"""`touchline playbook diff`: what another version changes, and for whom."""

import json
from pathlib import Path
from typing import Annotated

import typer

from cli.failure import fail
from cli.local import AsJson
from cli.playbook_compared import SAMPLES, differences
from cli.playbook_files import by_name
from cli.playbook_told import lines, told
from cli.sample_lead import Entered, moment
from engagement.playbook.faults import PlaybookError

Old = Annotated[Path, typer.Argument(exists=True, help="A playbook, or a folder of them.")]
New = Annotated[Path, typer.Argument(exists=True, help="What takes its place.")]
Leads = Annotated[
    list[str] | None,
    typer.Option(
        "--lead",
        help="Zone, place and the like, as 'Europe/Berlin DE-BY score=80'; repeatable.",
        show_default="seven of several zones",
    ),
]


def diff(
    old: Old, new: New, entered: Entered = None, leads: Leads = None, as_json: AsJson = False
) -> None:
    """Say what another version changes, and show sample leads whose touches shift.

    Example: touchline playbook diff ours.yaml theirs.yaml --entered 2026-03-27T16:00Z
    """
    try:
        found = tuple(differences(by_name(old), by_name(new), leads or SAMPLES, moment(entered)))
    except PlaybookError as error:
        typer.echo(str(error))
        raise typer.Exit(1) from None
    except ValueError as error:
        fail(str(error))
    if as_json:
        typer.echo(json.dumps([told(one) for one in found]))
        return
    typer.echo("\n".join(line for one in found for line in lines(one)))
