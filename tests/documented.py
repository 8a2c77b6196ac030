"""The calls that a page shows as curl commands, to be made as they stand there."""

import shlex
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from tests.unit.docs.pages import blocks


class Call(NamedTuple):
    """What curl would send."""

    method: str
    path: str
    headers: dict[str, str]
    content: str | None


def calls(page: Path, **variables: str) -> list[Call]:
    """Those of the page's shell blocks in order, with what the shell's variables hold."""
    commands = "\n".join(blocks(page, "sh")).replace("\\\n", " ")
    for name, value in variables.items():
        commands = commands.replace(f"${name}", value)
    lines = [shlex.split(line) for line in commands.splitlines()]
    return [_call(words[1:]) for words in lines if words[:1] == ["curl"]]


def _call(words: list[str]) -> Call:
    """As curl has it: a body without a type is a form's, and makes a POST of it."""
    options = list(pairwise(words))
    told = [value for option, value in options if option == "-H"]
    headers = dict(one.split(": ", 1) for one in told)
    content = next((value for option, value in options if option == "-d"), None)
    if content is not None:
        headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
    method = "GET" if content is None else "POST"
    method = next((value for option, value in options if option == "-X"), method)
    (url,) = (word for word in words if word.startswith("https://"))
    return Call(method, urlsplit(url).path, headers, content)
