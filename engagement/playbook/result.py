"""Result codes: how a touch may end, and what follows."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from engagement.playbook.model import Model

ResultAction = Literal["next-touch", "qualify", "close", "opt-out", "meeting-booked"]
"""What a result code leads to: the cadence goes on; the lead is sales-qualified and handed off;
the lead is closed; the lead is never contacted again; the lead has a meeting."""


class ResultCode(Model):
    """A code of the deployment's own; its action, not its label, decides what follows."""

    code: Annotated[str, StringConstraints(pattern=r"^[^\s\x00]{1,10}$")]
    label: Annotated[str, StringConstraints(min_length=1, max_length=50, pattern=r"^[^\x00]*$")]
    action: ResultAction
