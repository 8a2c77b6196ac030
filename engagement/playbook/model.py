"""What every part of a playbook has: immutability, and no key that nobody reads."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")]
"""Lower-case letters, digits and hyphens, at most 60."""


class Model(BaseModel):
    """A part of a playbook. An unknown key is refused: a misspelt rule must not be lost."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", serialize_by_alias=True, use_attribute_docstrings=True
    )


def broken(rule: str, fix: str, *at: str | int) -> PydanticCustomError:
    """The error for a broken rule; `at` is the path to the culprit, seen from the validator."""
    return PydanticCustomError("playbook", "{rule}; {fix}", {"rule": rule, "fix": fix, "at": at})


def refuse(found: Iterable[PydanticCustomError]) -> None:
    """Raises all that `broken` found at once, if it is anything, from within a validator."""
    details = [InitErrorDetails(type=one, input=None) for one in found]
    if details:
        raise ValidationError.from_exception_data("playbook", details)
