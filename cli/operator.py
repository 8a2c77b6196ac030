"""What an operator's command asks ingest: where it answers, by which key, and what went wrong."""

import os
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer

from cli.failure import fail

KEY = "OPERATOR_KEY"
"""Not a TOUCHLINE_ variable: services started in the same shell refuse those they do not know."""

To = Annotated[str, typer.Option(help="Where ingest answers, such as http://127.0.0.1:8001.")]
KeyFile = Annotated[
    Path | None,
    typer.Option(exists=True, dir_okay=False, help="A file that holds the operator's key."),
]


def operator_key(key_file: Path | None) -> str:
    """The key in the file, else in OPERATOR_KEY; ends the command where there is none."""
    key = key_file.read_text(encoding="utf-8").strip() if key_file else os.environ.get(KEY)
    return key or fail(f"no operator key; give --key-file, or set {KEY}")


def asked(method: str, url: str, key: str, content: str, **more: str) -> Any:
    """The JSON that ingest answers; ends the command with what went wrong.

    `more` are headers besides those of the key and the content.
    """
    headers = {"authorization": f"Bearer {key}", "content-type": "application/json", **more}
    try:
        response = httpx.request(
            method, url, content=content.encode(), headers=headers, timeout=30
        )
        response.raise_for_status()
        return response.json()
    except httpx.HTTPStatusError as error:
        fail(f"{url} answered {error.response.status_code}: {_refusal(error.response)}")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        fail(f"{url} cannot be reached: {error}; is ingest running there?")
    except ValueError:
        fail(f"{url} did not answer in JSON; is ingest running there?")


def _refusal(response: httpx.Response) -> str:
    """What broke a rule, and the fix; all of it where it is no problem+json."""
    try:
        problem = response.json()
        return f"{problem['title']}. {problem['detail']}"
    except (ValueError, TypeError, KeyError):
        return response.text
