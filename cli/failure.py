"""How a command fails that a user can put right: one sentence, and exit code 1."""

from typing import NoReturn

import typer


def fail(sentence: str) -> NoReturn:
    """Tell what went wrong, and end with exit code 1."""
    typer.echo(f"touchline: {sentence}", err=True)
    raise typer.Exit(1)
