"""Which leads are not taken into a cadence, and what is told of it."""

from engagement.cadence.state import NotEntered, Outside
from engagement.playbook import Cadence, Playbook
from engagement.playbook.ruleset import Ruleset
from schemas.events.decision import EntryRefused
from schemas.events.lead import LeadCreated

CHANNELS_CLOSED = "channels-closed"


def to_be_left_alone(state: Outside) -> str | None:
    """Why the lead enters no cadence: it opted out, or it is the CRM's."""
    if "all" in state.opted_out:
        return "opted-out"
    qualified = not isinstance(state, NotEntered) and state.reason == "qualified"
    return "qualified" if qualified else None


def kept_out(state: Outside, rules: Ruleset) -> str | None:
    """The rule that takes a lead back into no cadence of these rules, in the playbook's words."""
    if isinstance(state, NotEntered):
        return None
    if rules.re_entry == "refuse":
        return "re_entry: refuse"
    exits = state.closed_as, state.exit or state.reason
    kept = next((one for one in exits if one in rules.stay_out_after), None)
    return kept and f"stay_out_after: {kept}"


def refusal(
    playbook: Playbook,
    state: Outside,
    fact: LeadCreated,
    rule: str,
    cadence: Cadence | None = None,
) -> tuple[()] | tuple[EntryRefused]:
    """Told once of each lead-created, however often that comes."""
    if state.refused_at is not None and fact.recorded_at <= state.refused_at:
        return ()
    refused = EntryRefused(
        lead_id=fact.lead_id,
        occurred_at=fact.recorded_at,
        recorded_at=fact.recorded_at,
        rule=rule,
        playbook_digest=playbook.digest,
        cadence=cadence and cadence.name,
    )
    return (refused,)
