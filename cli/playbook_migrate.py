"""`touchline playbook migrate`: move running leads to another version of their playbook."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from cli.failure import fail
from cli.history import history
from cli.local import FOLDER, AsJson, Folder
from cli.migration import Aim, outcomes
from cli.migration_told import lines, told
from cli.operator import KeyFile, asked, operator_key
from cli.running_leads import RunningLeads
from cli.topics import Bootstrap, brokers
from engagement.playbook import Playbook
from schemas.events.lead import EnrolmentMoved
from schemas.topics import LEAD_EVENTS

AT_ONCE = 100
"""As many as ingest takes in one request."""

Source = Annotated[
    str, typer.Option("--from", help="The version to leave: the beginning of a digest, or all.")
]
Target = Annotated[
    str, typer.Option("--to", help="The version to go to: the beginning of a digest, or live.")
]
Cadences = Annotated[
    list[str] | None,
    typer.Option("--cadence", help="OLD=NEW for a cadence that is called otherwise; repeatable."),
]
Returning = Annotated[
    bool, typer.Option("--only-returning", help="Only leads who entered with --to: an undo.")
]
Ingest = Annotated[str, typer.Option(help="Where ingest answers, such as http://127.0.0.1:8001.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would become of whom.")]


def migrate(  # noqa: PLR0913, PLR0917  one for each option
    source: Source,
    target: Target,
    cadences: Cadences = None,
    only_returning: Returning = False,
    dry_run: DryRun = False,
    ingest: Ingest = "",
    key_file: KeyFile = None,
    bootstrap: Bootstrap = None,
    folder: Folder = FOLDER,
    as_json: AsJson = False,
) -> None:
    """Say who stays and who moves, whose next touch shifts and to when; then move them.

    Example: touchline playbook migrate --from 364d98f3d2df --to live --dry-run
    """
    url, key = ("", "") if dry_run else (_url(ingest), operator_key(key_file))
    leads = RunningLeads().hear(history(brokers(bootstrap, folder), LEAD_EVENTS))
    aim = _aim(leads.playbooks, source, target, cadences or (), only_returning)
    moment = now()
    found = sorted(outcomes(leads, aim, moment), key=lambda one: (one.verdict, one.lead.lead_id))
    shown = [json.dumps([told(one) for one in found])] if as_json else lines(found)
    typer.echo("\n".join(shown))
    if not dry_run:
        _send(url, key, [one.move for one in found if one.move is not None], moment)


def now() -> datetime:
    """When a move is judged; ingest stamps its own time on those that it is sent."""
    return datetime.now(UTC)


def _url(ingest: str) -> str:
    if not ingest:
        fail("--ingest: say where ingest answers, or only look with --dry-run")
    return f"{ingest.rstrip('/')}/v1/enrolment-moves"


def _aim(
    known: Mapping[str, Playbook],
    source: str,
    target: str,
    cadences: Sequence[str],
    only_returning: bool,
) -> Aim:
    sources = frozenset(known) if source == "all" else {_named(known, "--from", source)}
    digest = list(known)[-1] if target == "live" and known else _named(known, "--to", target)
    return Aim(frozenset(sources), known[digest], dict(_pairs(cadences)), only_returning)


def _named(known: Mapping[str, Playbook], option: str, prefix: str) -> str:
    found = [digest for digest in known if digest.startswith(prefix)]
    if len(found) != 1:
        published = ", ".join(f"{one.name} {digest[:12]}" for digest, one in known.items())
        problem = "fits several" if found else "was never published"
        fail(f"{option} {prefix}: {problem}; use one of: {published or 'none is'}")
    return found[0]


def _pairs(cadences: Sequence[str]) -> Iterator[tuple[str, str]]:
    for pair in cadences:
        old, _, new = pair.partition("=")
        if not new:
            fail(f"--cadence {pair}: not two names; write OLD=NEW")
        yield old, new


def _send(url: str, key: str, moves: Sequence[EnrolmentMoved], at: datetime) -> None:
    """In requests that may each be repeated; run again, the whole begins where it stopped."""
    console = Console(stderr=True)
    batches = [moves[n : n + AT_ONCE] for n in range(0, len(moves), AT_ONCE)]
    shown = track(batches, "moving", console=console, disable=not console.is_terminal)
    for number, batch in enumerate(shown):
        content = json.dumps([_wire(move) for move in batch])
        asked("POST", url, key, content, **{"idempotency-key": f"{at.isoformat()}/{number}"})


def _wire(move: EnrolmentMoved) -> dict[str, object]:
    return move.model_dump(mode="json", exclude={"occurred_at", "recorded_at"})
