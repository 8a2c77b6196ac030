"""The playbooks that one partition has seen: the one in force, and those that leads are on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from pydantic import ValidationError

from engagement.decider import Refused
from engagement.playbook import Playbook
from schemas.events.fact import Channel
from schemas.events.playbook import PlaybookPublished


@dataclass(frozen=True, slots=True)
class Playbooks:
    """Every published playbook by digest; `current` is what new enrolments enter by."""

    current: Playbook | None = None
    by_digest: Mapping[str, Playbook] = field(default_factory=lambda: MappingProxyType({}))

    def publish(self, fact: PlaybookPublished) -> "Playbooks | Refused":
        """With the published one in force, or why it cannot be used."""
        playbook = compiled(fact)
        if isinstance(playbook, Refused):
            return playbook
        return Playbooks(playbook, MappingProxyType({**self.by_digest, playbook.digest: playbook}))

    def apart(self, playbook: Playbook | None = None) -> frozenset[Channel] | None:
        """The channels whose last touch is remembered; nothing where no touches are counted.

        Touches of a lead count where its own playbook has caps, or the one that it may come to.
        """
        own = None if playbook is None else playbook.spaced
        current = None if self.current is None else self.current.spaced
        if own is None or current is None or own == current:
            return current if own is None else own
        return own | current


def compiled(fact: PlaybookPublished) -> Playbook | Refused:
    """The playbook that the fact carries, checked as `touchline playbook check` checks it."""
    try:
        playbook = Playbook.from_content(fact.content)
    except ValidationError as error:
        return Refused(
            "bad-playbook", f"content: {error.error_count()} errors; publish a valid one"
        )
    if playbook.digest != fact.digest:
        return Refused("bad-playbook", "digest is not that of content; publish it again")
    return playbook
