"""A playbook's digest: hexadecimal in facts and rules, its thirty-two bytes where it is stored."""


class Digest(str):
    """The SHA-256 of a playbook, as hex; a type of its own, as it is stored in half the bytes."""

    __slots__ = ()
