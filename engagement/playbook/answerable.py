"""Conditions that nothing in their cadence could ever meet, which are refused."""

from collections.abc import Iterable, Iterator

from pydantic_core import PydanticCustomError

from engagement.playbook.block import Placed
from engagement.playbook.model import broken
from engagement.playbook.only_if import OnlyIf, on
from engagement.playbook.ruleset import Ruleset
from engagement.playbook.step import Step
from schemas.events.lead import Signal

_ON_A_CHANNEL = ("opened_on", "not_opened_on", "clicked_on", "not_clicked_on")


def unanswerable(placed: Iterable[Placed], *at: str | int) -> Iterator[PydanticCustomError]:
    """The steps that ask what became of a message that no step before them sends."""
    before: set[str] = set()
    for path, step in placed:
        for key, sign in _asked(step.only_if):
            if sign not in before:
                sent = "connection request" if key == "accepted" else "message"
                rule = f"no {sent} comes before it that could be {sign.partition('/')[0]}"
                yield broken(rule, "put one before it, or ask later", *at, *path, "only_if", key)
        before.update(_signs(step))


def finished(
    placed: Iterable[Placed], rules: Ruleset, *at: str | int
) -> Iterator[PydanticCustomError]:
    """The steps that ask for a reply, where every reply ends the cadence."""
    if "finish" not in {rules.reply.action} & {rules.reply_elsewhere.action}:
        return
    for path, step in placed:
        if step.only_if is not None and step.only_if.replied is not None:
            fix = "let a ruleset continue or pause on replies, or leave the condition out"
            yield broken("a reply ends this cadence", fix, *at, *path, "only_if", "replied")


def _asked(condition: OnlyIf | None) -> Iterator[tuple[str, str]]:
    """The keys that ask for something seen of a touch, each with the sign."""
    if condition is None:
        return
    for sign in ("opened", "clicked", "accepted"):
        if getattr(condition, sign) is not None:
            yield sign, sign
    for key in _ON_A_CHANNEL:
        channel = getattr(condition, key)
        if channel is not None:
            yield key, on(channel, key.removeprefix("not_").removesuffix("_on"))


def shown_by(step: Step) -> tuple[Signal, ...]:
    """What may be seen of the touch; a message of a kind that is not told may be any."""
    if step.channel == "call" or step.kind == "task":
        return ()
    if step.channel == "social" and step.kind in {None, "connect"}:
        return ("accepted", "opened", "clicked")
    return ("opened", "clicked")


def _signs(step: Step) -> Iterator[str]:
    for sign in shown_by(step):
        yield sign
        yield on(step.channel, sign)
