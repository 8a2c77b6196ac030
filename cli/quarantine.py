"""`touchline quarantine`: what could not be read, and putting it back."""

import base64
import json
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from cli.aligned_text import aligned_lines
from cli.failure import fail
from cli.local import FOLDER, AsJson, Folder
from cli.quarantine_records import records, send, sender
from cli.topics import Bootstrap, DryRun, brokers
from services.runtime.fold.redrive import OURS, Kept, kept, note, original
from services.runtime.kafka.brokers import Brokers

app = typer.Typer(no_args_is_help=True, help="Look at what was set aside, and put it back.")

Id = Annotated[str, typer.Argument(help="As `list` shows it: PARTITION:OFFSET.")]
Ids = Annotated[list[str], typer.Argument(help="As `list` shows them: PARTITION:OFFSET.")]
COLUMNS = ("id", "from", "code", "first failed at", "redriven", "reason")


@app.command("list")
def list_(bootstrap: Bootstrap = None, folder: Folder = FOLDER, as_json: AsJson = False) -> None:
    """Say what lies in quarantine and why; never a value, which may be personal.

    Example: touchline quarantine list --json
    """
    found = kept(records(brokers(bootstrap, folder)))
    if as_json:
        typer.echo(json.dumps([_told(one) for one in found]))
    elif found:
        rows = [COLUMNS, *map(_row, found)]
        typer.echo("\n".join(aligned_lines(rows)))
    else:
        typer.echo("Nothing lies in quarantine.", err=True)


@app.command()
def show(
    id_: Id, bootstrap: Bootstrap = None, folder: Folder = FOLDER, as_json: AsJson = False
) -> None:
    """Show one record as it came. Its value may be personal: mind who looks.

    Example: touchline quarantine show 3:17
    """
    (one,) = _chosen([id_], brokers(bootstrap, folder))
    shown = {**_told(one), "headers": _headers(one), **_value(one.record.value)}
    lines = [f"{name}: {json.dumps(value)}" for name, value in shown.items()]
    typer.echo(json.dumps(shown) if as_json else "\n".join(lines))


@app.command()
def redrive(
    ids: Ids,
    bootstrap: Bootstrap = None,
    folder: Folder = FOLDER,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Send records to their topic again, byte by byte, and record that in quarantine.

    All of them can be, or none is sent. Mend the reason first: what fails again comes back here.

    Example: touchline quarantine redrive 3:17 3:18 --dry-run
    """
    where = brokers(bootstrap, folder)
    chosen = _chosen(ids, where)
    for one in chosen:
        if one.obstacle is not None:
            fail(f"{one.id} cannot be put back: {one.obstacle}; nothing was sent")
    if not dry_run:
        _send(where, chosen)
    for one in chosen:
        done = {"id": one.id, "topic": one.told("topic"), "sent": not dry_run}
        would = "would be sent" if dry_run else "sent"
        typer.echo(json.dumps(done) if as_json else f"{one.id}: {would} to {done['topic']}")


def _send(brokers: Brokers, chosen: Sequence[Kept]) -> None:
    """First what is put back, then that it was: a crash between them repeats it, and the door
    drops the repetition."""
    with sender(brokers) as producer:
        for one in chosen:
            send(producer, original(one))
            send(producer, note(one))


def _chosen(ids: Sequence[str], brokers: Brokers) -> list[Kept]:
    known = {one.id: one for one in kept(records(brokers))}
    for id_ in ids:
        if id_ not in known:
            fail(f"{id_} does not lie in quarantine; `touchline quarantine list` shows what does")
    return [known[id_] for id_ in dict.fromkeys(ids)]


def _row(one: Kept) -> tuple[str, ...]:
    """Escaped: a sender may have chosen some of it, and a terminal obeys what it shows."""
    told = _told(one) | {"redriven": "yes" if one.redriven else "no"}
    cells = (told[name.replace(" ", "_")] for name in COLUMNS)
    return tuple(str(cell).encode("unicode_escape").decode() for cell in cells)


def _told(one: Kept) -> dict[str, Any]:
    return {
        "id": one.id,
        "from": one.told("topic") or one.told("door"),
        "service": one.told("service"),
        "code": one.told("code"),
        "reason": one.told("reason"),
        "first_failed_at": one.told("first_failed_at"),
        "redriven": one.redriven,
    }


def _headers(one: Kept) -> dict[str, str]:
    headers = one.record.headers
    return {
        name: (value or b"").decode(errors="replace")
        for name, value in headers
        if not name.startswith(OURS)
    }


def _value(value: bytes | None) -> dict[str, str | None]:
    """As text where it is, else in base64."""
    if value is None:
        return {"value": None}
    try:
        return {"value": value.decode()}
    except UnicodeDecodeError:
        return {"value_base64": base64.b64encode(value).decode()}
