"""`touchline do-not-contact`: numbers and mail domains that nobody may contact."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.failure import fail
from cli.local import AsJson
from cli.operator import KeyFile, To, asked, operator_key
from schemas.received.message import ListedChannel

app = typer.Typer(
    no_args_is_help=True, help="List numbers and mail domains that nobody may contact."
)

Phone = Annotated[str | None, typer.Option(help="A number, best with + and the country code.")]
Domain = Annotated[str | None, typer.Option(help="A mail domain, such as example.com.")]
Country = Annotated[str | None, typer.Option(help="Whose number a national one is, such as DE.")]
OnChannel = Annotated[ListedChannel, typer.Option("--channel", help="The channel to leave out.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")]


@app.command()
def add(  # noqa: PLR0913, PLR0917  each is an option of the command
    to: To,
    phone: Phone = None,
    domain: Domain = None,
    country: Country = None,
    channel: OnChannel = "all",
    key_file: KeyFile = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Put a number or domain on the list: leads who are there and who come later are opted out.

    The operator's key is in --key-file, or in OPERATOR_KEY.

    Example: touchline do-not-contact add --domain example.com --to http://127.0.0.1:8001
    """
    told = {"phone": phone, "domain": domain, "country": country, "channel": channel}
    _tell(_answer(to, key_file, told, dry_run), as_json, dry_run)


@app.command()
def remove(  # noqa: PLR0913, PLR0917  each is an option of the command
    to: To,
    phone: Phone = None,
    domain: Domain = None,
    country: Country = None,
    channel: OnChannel = "all",
    key_file: KeyFile = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Take it off the list, for leads yet to come: whoever was opted out stays so.

    Example: touchline do-not-contact remove --domain example.com --to http://127.0.0.1:8001
    """
    told = {"phone": phone, "domain": domain, "country": country, "channel": channel}
    _tell(_answer(to, key_file, told | {"listed": False}, dry_run), as_json, dry_run)


def _answer(to: str, key_file: Path | None, told: dict[str, Any], dry_run: bool) -> Any:
    if (told["phone"] is None) == (told["domain"] is None):
        fail("give exactly one of --phone and --domain")
    url = f"{to.rstrip('/')}/v1/do-not-contact?dry_run={str(dry_run).lower()}"
    known = {name: value for name, value in told.items() if value is not None}
    return asked("POST", url, operator_key(key_file), json.dumps(known))


def _tell(answer: Any, as_json: bool, dry_run: bool) -> None:
    if as_json:
        typer.echo(json.dumps(answer))
        return
    done = ("listed" if answer["listed"] else "unlisted") if answer["changed"] else "unchanged"
    would = "dry run: " if dry_run else ""
    typer.echo(f"{would}{done}; {answer['leads']} leads opted out")
