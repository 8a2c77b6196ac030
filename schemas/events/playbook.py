"""The playbook as a fact: what the sales manager decided, in the same log as the leads."""

from typing import ClassVar

from schemas.events.fact import Fact, Text


class PlaybookPublished(Fact):
    """A playbook came into force, in this partition, from here on.

    `playbook` names it over its versions; `digest` is the SHA-256 of `content`, as hex;
    `content` is the playbook as canonical JSON. One fact is written into every partition, so that
    a partition's log is the only input that a decision has.
    """

    type: ClassVar[str] = "playbook-published"

    playbook: Text
    digest: Text
    content: str
