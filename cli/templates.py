"""`touchline playbook list`, `new` and `schema`: what a manager begins with."""

import json
import re
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

import typer

import playbooks
from cli.failure import fail
from cli.local import AsJson
from engagement.playbook import Playbook, json_schema, reference
from engagement.playbook.reading import from_yaml

FOLDER = Path(playbooks.__file__).parent

Template = Annotated[str, typer.Option("--from", help="A shipped playbook; `list` names them.")]
Target = Annotated[Path, typer.Argument(help="The file to write; its name names the playbook.")]

Markdown = Annotated[
    bool, typer.Option("--markdown", help="Print the reference for people instead.")
]


def show(as_json: AsJson = False) -> None:
    """Name the shipped playbooks, with their cadences and how many touches each makes.

    Example: touchline playbook list
    """
    shipped = [_read(file) for file in sorted(FOLDER.glob("*.yaml"))]
    if as_json:
        typer.echo(json.dumps({playbook.name: _touches(playbook) for playbook in shipped}))
        return
    for playbook in shipped:
        for name, touches in _touches(playbook).items():
            typer.echo(f"{playbook.name}: {name}, {touches} touches")


def new(target: Target, template: Template) -> None:
    """Write a playbook of one's own, as a copy of a shipped one; overwrites nothing.

    Example: touchline playbook new ours.yaml --from telfer
    """
    source = FOLDER / f"{template}.yaml"
    if source not in set(FOLDER.glob("*.yaml")):
        fail(f"--from {template}: no such playbook; {_nearest(template)}")
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,59}", target.stem):
        fail(f"{target.stem}: not a playbook's name; use lower-case letters, digits and hyphens")
    if target.exists():
        fail(f"{target}: is there already; name another file")
    text = source.read_text(encoding="utf-8")
    renamed = re.sub(r"(?m)^name: .*$", f"name: {target.stem}", text, count=1)
    target.write_text(renamed, encoding="utf-8")
    typer.echo(str(target))
    typer.echo(f"Change it, and look: touchline playbook timeline {target}", err=True)


def schema(markdown: Markdown = False) -> None:
    """Print the JSON Schema of playbooks, by which editors complete and check them.

    Example: touchline playbook schema > playbook.schema.json
    """
    typer.echo(reference.document() if markdown else json_schema.document(), nl=False)


def _nearest(template: str) -> str:
    near = get_close_matches(template, [file.stem for file in FOLDER.glob("*.yaml")], n=1)
    meant = f"is it {near[0]}? " if near else ""
    return f"{meant}`touchline playbook list` names them"


def _read(file: Path) -> Playbook:
    return from_yaml(file.read_text(encoding="utf-8"), str(file))


def _touches(playbook: Playbook) -> dict[str, int]:
    return {cadence.name: len(cadence.steps) for cadence in playbook.cadences}
