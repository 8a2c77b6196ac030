"""Everything that is wrong in a playbook, found at once."""

from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from engagement.playbook.clashes import clashes
from engagement.playbook.mending import STAND_IN, Path, mended
from engagement.playbook.model import refuse
from engagement.playbook.playbook import Playbook
from engagement.playbook.result import endless
from engagement.playbook.unworkable import unworkable

_ROUNDS = 5
"""Faults hide behind those of what they are part of, and nothing is part of more."""


class Wrong(Exception):
    """No playbook; `details` is everything that is wrong with it, in pydantic's terms."""

    def __init__(self, details: Sequence[ErrorDetails]) -> None:
        super().__init__(f"{len(details)} faults")
        self.details = details


def checked(data: Any) -> Playbook:
    """The playbook that keys and values say; raises Wrong with all that is wrong with it."""
    try:
        return _checked(data)
    except ValidationError as error:
        raise Wrong(tuple(_behind(data, _details(error)))) from None


def place(details: ErrorDetails) -> Path:
    """The path to what is wrong."""
    return (*details["loc"], *details.get("ctx", {}).get("at", ()))


def _checked(data: Any) -> Playbook:
    playbook = Playbook.model_validate(data)
    refuse((*clashes(playbook), *endless(playbook.results), *unworkable(playbook)))
    return playbook


def _details(error: ValidationError) -> Sequence[ErrorDetails]:
    found = error.errors(include_url=False, include_input=False)
    return [one for one in found if not _only_seems_empty(one, found)]


def _only_seems_empty(details: ErrorDetails, found: Sequence[ErrorDetails]) -> bool:
    """Whether a list only counts as empty because the items in it are wrong."""
    depth = len(details["loc"])
    return details["type"] == "too_short" and any(
        len(other["loc"]) > depth and other["loc"][:depth] == details["loc"] for other in found
    )


def _behind(data: Any, found: Sequence[ErrorDetails]) -> Iterator[ErrorDetails]:
    """These, and what comes to light when something right stands in for them."""
    culprits: list[Path] = []
    for _ in range(_ROUNDS):
        yield from (_told(one) for one in found if not _follows(one, culprits))
        paths = [place(one) for one in found]
        if not all(paths) or not isinstance(data, dict):
            return
        for path in paths:
            data = mended(data, path)
        culprits += paths
        try:
            _checked(data)
        except ValidationError as error:
            found = _details(error)
        else:
            return


def _follows(details: ErrorDetails, culprits: Sequence[Path]) -> bool:
    """Whether it is only wrong because of what stands in for something else."""
    path = place(details)
    within = any(path[: len(one)] == one for one in culprits)
    context = details.get("ctx", {})
    alone = str(context.get("fix", "")).endswith(f": {STAND_IN}")
    return within or alone or STAND_IN in context.get("rule", "")


def _told(details: ErrorDetails) -> ErrorDetails:
    """With a fix that names nothing that only stands in."""
    context = details.get("ctx", {})
    if STAND_IN not in context.get("fix", ""):
        return details
    fix = context["fix"].replace(f"{STAND_IN}, ", "").replace(f", {STAND_IN}", "")
    return {**details, "ctx": {**context, "fix": fix}}
