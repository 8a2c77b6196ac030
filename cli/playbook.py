"""`touchline playbook`: begin, check and look at playbooks, and bring one into force."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from cli import playbook_diff, playbook_migrate, templates, timeline
from cli.local import AsJson
from cli.operator import KeyFile, To, asked, operator_key
from cli.playbook_files import files, read
from engagement.playbook import Playbook
from engagement.playbook.faults import Fault, PlaybookError

app = typer.Typer(
    no_args_is_help=True, help="Begin, check and look at playbooks, and bring one into force."
)

FileOrFolder = Annotated[
    Path, typer.Argument(exists=True, help="A playbook, or a folder of them.")
]
File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A playbook.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Check, and only say what would be sent.")]


@dataclass(frozen=True, slots=True)
class Checked:
    """A file and what was found in it: a playbook, or faults."""

    file: str
    playbook: Playbook | None
    faults: Sequence[Fault] = ()


def check(path: FileOrFolder, as_json: AsJson = False) -> None:
    """Say everything that is wrong, with file, line, rule and fix; exit code 1 if anything is.

    Example: touchline playbook check playbooks
    """
    checked = [_check(file) for file in files(path)]
    _tell(checked, as_json)
    raise typer.Exit(0 if all(one.playbook for one in checked) else 1)


def publish(
    file: File,
    to: To,
    key_file: KeyFile = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Bring a playbook into force: new leads enter by it. Publishing it again changes nothing.

    The operator's key is in --key-file, or in OPERATOR_KEY.

    Example: touchline playbook publish playbooks/seed-9-in-18.yaml --to http://127.0.0.1:8001
    """
    checked = _check(file)
    if dry_run or checked.playbook is None:
        _tell([checked], as_json)
        raise typer.Exit(0 if checked.playbook else 1)
    answer = asked(
        "PUT", f"{to.rstrip('/')}/v1/playbook", operator_key(key_file), checked.playbook.content
    )
    known = {**_told(checked), "answer": answer}
    typer.echo(json.dumps(known) if as_json else f"{_line(checked)}: in force at {to}")


app.command("list")(templates.show)
app.command()(templates.new)
app.command()(check)
app.command("timeline")(timeline.show)
app.command("diff")(playbook_diff.diff)
app.command()(publish)
app.command("migrate")(playbook_migrate.migrate)
app.command()(templates.schema)


def _check(file: Path) -> Checked:
    try:
        return Checked(str(file), read(file))
    except PlaybookError as error:
        return Checked(str(file), None, error.faults)


def _tell(checked: Sequence[Checked], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps([_told(one) for one in checked]))
        return
    for one in checked:
        lines = list(map(str, one.faults)) or [_line(one)]
        typer.echo("\n".join(lines))


def _told(checked: Checked) -> dict[str, Any]:
    playbook = checked.playbook
    return {
        "file": checked.file,
        "playbook": playbook and playbook.name,
        "digest": playbook and playbook.digest,
        "faults": [asdict(fault) for fault in checked.faults],
    }


def _line(checked: Checked) -> str:
    playbook = checked.playbook
    return f"{checked.file}: {playbook.name} {playbook.digest[:12]}" if playbook else checked.file
