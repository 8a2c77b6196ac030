"""Why a rep was given this lead and no other: everything that the choice was made from."""

from uuid import UUID

from pydantic import AwareDatetime

from schemas.events.fact import ADDED, Frozen, Text


class ScoreTerm(Frozen):
    """A term of the playbook that moved a touch within its tier, and by how many minutes.

    `value` is what the touch or its lead had, by which the term held.
    """

    name: Text
    value: str
    minutes: int


class RunnerUp(Frozen):
    """A lead that could have been served as well, and where it stood in the order of service.

    `kept_for` says "you", "another" or "absent" where the touch is one rep's. `terms` moved it
    within its tier: they are in `order_key` already.
    """

    lead_id: UUID
    tier: Text
    tier_order: int
    order_key: int
    not_before: AwareDatetime
    lapses_at: AwareDatetime
    kept_for: Text | None = ADDED
    terms: tuple[ScoreTerm, ...] | None = ADDED


class Blocked(Frozen):
    """Leads of the team that a rule kept back, and when the first of them returns.

    Nothing where none returns to this rep before its next plan. `leads` is counted up to a bound;
    `first` names those that return first.
    """

    rule: Text
    leads: int
    returns_at: AwareDatetime | None = None
    first: tuple[UUID, ...] | None = ADDED


class Explanation(Frozen):
    """The inputs of one choice, at the moment of the claim, by the database's clock.

    Leads are served in ascending order of (tier_order, order_key, not_before, lapses_at, lead_id);
    those of the lead itself are in its plan. `playbook_digest` names the playbook that planned
    the touch. `runners_up` are the next in that order. `picked` says that the rep took the lead
    from a list: then they are the first in that order, who were passed over.

    `says` is the tier's reason in words, and `urgent` that the first rep who is free takes its
    touches. `terms` moved the touch within its tier. Its age against the `windows` of the tier, in
    minutes, was `age_seconds`.
    """

    tier: Text
    tier_order: int
    order_key: int
    playbook_digest: Text | None = ADDED
    kept_for: Text | None = ADDED
    picked: bool | None = ADDED
    says: Text | None = ADDED
    urgent: bool | None = ADDED
    terms: tuple[ScoreTerm, ...] | None = ADDED
    windows: tuple[int, ...] | None = ADDED
    age_seconds: int | None = ADDED
    waited_seconds: int
    others: int
    runners_up: tuple[RunnerUp, ...] = ()
    blocked: tuple[Blocked, ...] = ()
