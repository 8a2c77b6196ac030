"""What every part of a playbook has: immutability, and no key that nobody reads."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints
from pydantic_core import PydanticCustomError

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")]
"""Lower-case letters, digits and hyphens, at most 60."""


class Model(BaseModel):
    """A part of a playbook. An unknown key is refused: a misspelt rule must not be lost."""

    model_config = ConfigDict(frozen=True, extra="forbid", serialize_by_alias=True)


def broken(rule: str, fix: str, *at: str | int) -> PydanticCustomError:
    """The error for a broken rule; `at` is the path to the culprit, seen from the validator."""
    return PydanticCustomError("playbook", "{rule}; {fix}", {"rule": rule, "fix": fix, "at": at})
