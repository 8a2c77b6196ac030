"""With what an enrolment begins: when the lead enters, and when it goes over to other rules."""

from collections.abc import Iterator

from msgspec.structs import replace

from engagement.cadence.conditions import unsuited
from engagement.cadence.consent import CHANNELS, denied_at
from engagement.cadence.digest import Digest
from engagement.cadence.home import replaced, stood
from engagement.cadence.loops import carried
from engagement.cadence.playbooks import Playbooks
from engagement.cadence.state import Active, Barred, Enrolment, Outside
from engagement.cadence.touches import placed
from engagement.cadence.updated import known, still_told
from engagement.calendar.place import looked_at, place
from engagement.calendar.window import local_date
from engagement.experiment.exposure import exposes_at
from engagement.playbook import Cadence
from engagement.playbook.ruleset import Ruleset
from schemas.events.decision import (
    CadenceEntered,
    CadenceMoved,
)
from schemas.events.fact import Channel, ChannelConsent
from schemas.events.plan import SkipRule

_UNKNOWN = ChannelConsent()


def enrol(playbooks: Playbooks, state: Outside, fact: CadenceEntered) -> Active:
    """The state of a lead that has just entered, with no plan yet."""
    playbook = playbooks.by_digest[fact.playbook_digest]
    rules, where = playbook.ruleset[fact.cadence], place(fact.features, playbook.calendar)
    today = local_date(fact.recorded_at, where.time_zone)
    revocable, granted = denied_at(state, fact.features.consent, fact.recorded_at)
    enrolment = Enrolment(
        id=fact.enrolment_id,
        playbook_digest=Digest(fact.playbook_digest),
        cadence=fact.cadence,
        time_zone=where.time_zone,
    )
    return Active(
        opted_out=state.opted_out,
        enrolment=enrolment,
        day_one=today,
        first_day=today if _ends_by_days(playbook.cadence[fact.cadence]) else None,
        opens_on=today,
        zone_source=where.zone_source,
        place=where if looked_at(playbook.calendar) else None,
        barred=_barred(state.bounced, granted, fact.features.consent, rules),
        touches=placed(state.touches, where.time_zone),
        entered_at=fact.recorded_at if playbook.restarts else None,
        assigned=state.assigned,
        exposes_at=exposes_at(playbook, state, fact),
        unsuited=unsuited(playbook.cadence[fact.cadence], fact.features),
        revocable=revocable,
        granted=granted,
        updated=still_told(state, fact.features),
        known=known(playbook.cadence[fact.cadence], fact.features),
    )


def _ends_by_days(cadence: Cadence) -> bool:
    return cadence.until is not None and cadence.until.days is not None


def go_over(playbooks: Playbooks, state: Active, fact: CadenceMoved) -> Active:
    """The state of a lead in the other version, before its touch is planned anew if it is.

    What it heard of the lead and its channels stays. No experiment is told of from here on, as
    what follows may come from the move. No touch told late answers what lapsed before it.
    """
    playbook = playbooks.by_digest[fact.playbook_digest]
    rules, where = playbook.ruleset[fact.cadence], place(fact.features, playbook.calendar)
    return replace(
        stood(state, fact, local_date(fact.recorded_at, where.time_zone)),
        enrolment=replace(
            state.enrolment,
            playbook_digest=Digest(fact.playbook_digest),
            cadence=fact.cadence,
            time_zone=where.time_zone,
        ),
        step=fact.step,
        plan_id=fact.plan_id,
        zone_source=where.zone_source,
        place=where if looked_at(playbook.calendar) else None,
        barred=_barred(state.bounced, state.granted, fact.features.consent, rules),
        entered_at=(state.entered_at or fact.recorded_at) if playbook.restarts else None,
        exposes_at=None,
        unsuited=unsuited(playbook.cadence[fact.cadence], fact.features),
        known=known(playbook.cadence[fact.cadence], fact.features),
        moved_at=fact.recorded_at,
        replaced=replaced(state),
        meanwhile=None if state.meanwhile == "made" else state.meanwhile,
        asked=state.attempt + 1,
        passed=None,
        loop=carried(state, playbook.cadence[fact.cadence], fact.step),
    )


def _barred(
    bounced: tuple[Channel, ...],
    granted: tuple[Channel, ...],
    consent: ChannelConsent,
    rules: Ruleset,
) -> Barred:
    if consent == _UNKNOWN and not bounced and not rules.require_consent:
        return ()
    return tuple(_bars(bounced, granted, consent, rules))


def _bars(
    bounced: tuple[Channel, ...],
    granted: tuple[Channel, ...],
    consent: ChannelConsent,
    rules: Ruleset,
) -> Iterator[tuple[Channel, SkipRule]]:
    for channel in bounced:
        yield channel, "bounced"
    for channel in CHANNELS:
        if channel in bounced or channel in granted:
            continue
        given = getattr(consent, channel)
        if given == "denied":
            yield channel, "consent-denied"
        elif given == "unknown" and channel in rules.require_consent:
            yield channel, "consent-unknown"
