"""The `touchline` command: data on stdout, progress on stderr; exit 0 done, 1 failed, 2 misuse."""

import sys

import typer

from cli import do_not_contact, local, playbook, quarantine, topics
from cli.demo import demo
from cli.restored import restored
from cli.up import down, up
from deploy.local.ending import end_cleanly
from deploy.local.errors import LocalServerError
from services.runtime.kafka.topic_errors import TopicError
from services.runtime.process.environment import SettingsRefused
from simulator.senders import NotTaken

EXPECTED = (LocalServerError, TopicError, SettingsRefused, NotTaken)
"""Errors whose message is all that the user needs."""

app = typer.Typer(
    name="touchline",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Every lead in a cadence at once, every decision replayable.",
)
app.add_typer(local.app, name="local")
app.add_typer(topics.app, name="topics")
app.add_typer(playbook.app, name="playbook")
app.add_typer(do_not_contact.app, name="do-not-contact")
app.add_typer(quarantine.app, name="quarantine")
app.command()(demo)
app.command()(up)
app.command()(down)
app.command()(restored)


def main() -> None:
    """Run the command line of this process."""
    end_cleanly()
    try:
        app()
    except EXPECTED as error:
        typer.echo(f"touchline: {error}", err=True)
        sys.exit(1)
