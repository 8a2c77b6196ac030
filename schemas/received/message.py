"""What others send us, before it is a fact: checked strictly, once. What it has in common."""

from typing import Annotated, ClassVar, Final, Literal
from uuid import UUID

from pydantic import ConfigDict, StringConstraints, model_validator

from schemas.events.fact import Channel, Frozen, Text

Email = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, max_length=254, pattern=r"^[^@\s\x00]+@[^@\s\x00]+\.[^@\s\x00]+$"
    ),
]
Phone = Annotated[
    str, StringConstraints(strip_whitespace=True, pattern=r"^\+?[0-9 ().\-/]{5,32}$")
]
Domain = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, max_length=253, pattern=r"^[^@\s\x00.]+(\.[^@\s\x00.]+)+$"
    ),
]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Note = Annotated[str, StringConstraints(max_length=4000, pattern=r"^[^\x00]*$")]

ListedChannel = Literal[Channel, "all"]

ABOUT: Final = frozenset({"event", "lead_id", "identity", "source", "occurred_at"})
"""The fields of an event that say whose it is, and when it was; the others say what happened."""


class Received(Frozen):
    """A message of another team. Unknown keys are refused: a misspelt field must not be lost."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: ClassVar[str]
    version: ClassVar[int] = 1


class Identity(Received):
    """Who a message is about: at least one of e-mail, phone and the sender's own id."""

    email: Email | None = None
    phone: Phone | None = None
    external_id: Text | None = None

    @model_validator(mode="after")
    def _identified(self) -> "Identity":
        if self.email is None and self.phone is None and self.external_id is None:
            raise ValueError("needs one of email, phone, external_id, to know whose lead it is")
        return self


def check_whose(
    lead_id: UUID | None, identity: Identity | None, source: str | None = None
) -> None:
    """Raises ValueError where nothing says whose a message is, or more than one thing does."""
    if (lead_id is None) == (identity is None):
        raise ValueError("needs exactly one of lead_id and identity")
    if source is not None and identity is None:
        raise ValueError("source says whose identity it is, and goes with identity only")
