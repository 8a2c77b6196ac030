"""A script: what a rep may say or write, with places for what is known of the person."""

import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from engagement.playbook.model import broken

FIELDS = ("first_name", "last_name", "title", "company")
"""What a script may name of a person: {first_name}."""

_PLACE = re.compile(r"\{([^{}]*)\}")


def _known(script: str) -> str:
    for named in _PLACE.findall(script):
        if named not in FIELDS:
            known = ", ".join(f"{{{field}}}" for field in FIELDS)
            raise broken(f"nothing of a person is called {{{named}}}", f"use one of: {known}")
    return script


Script = Annotated[
    str,
    StringConstraints(min_length=1, max_length=4_000, pattern=r"^[^\x00]*$"),
    AfterValidator(_known),
]
"""Plain text of at most 4,000 characters."""


def filled(script: str, person: Mapping[str, str] | None) -> str:
    """The script for this person; what nobody told stands there by its name, in brackets."""
    told = person or {}
    return _PLACE.sub(lambda place: told.get(place[1]) or f"({_spoken(place[1])})", script)


def _spoken(field: str) -> str:
    return field.replace("_", " ")
