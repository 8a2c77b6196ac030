"""What happened to a lead, each in a short sentence."""

from collections.abc import Mapping
from typing import Any


def told(type_: str, fact: Mapping[str, Any]) -> str:  # noqa: PLR0911, PLR0912 - one word each
    """The fact in words; a type without words of its own is told by its name."""
    match type_:
        case "lead-created":
            return f"came in from {fact['features']['source']}"
        case "lead-updated":
            return f"told anew: {_news(fact)}"
        case "cadence-entered":
            return f"entered the cadence {fact['cadence']}"
        case "touch-planned":
            again = f", {fact['again']}" if fact.get("again") else ""
            return (
                f"step {fact['step']} of {fact['steps']} planned{again}: {fact['channel']},"
                f" {fact['activity']}"
            )
        case "touch-skipped":
            rule = "opted-out" if fact.get("opted_out") else fact["rule"]
            return f"step {fact['step']} skipped: {fact['channel']}, {rule}"
        case "condition-failed":
            return f"step {fact['step']} skipped: {fact['channel']}, not {fact['condition']}"
        case "block-ended":
            return f"the steps up to {fact['step']} are over, after their {fact['threshold']}"
        case "entry-refused":
            return f"entered no cadence: {fact['rule']}"
        case "touch-logged":
            return f"{_who(fact)} logged a touch by {fact['channel']}: {fact['result_code']}"
        case "lead-claimed":
            how = "picked the lead" if fact.get("picked") else "was given the lead"
            return f"{_who(fact)} {how}"
        case "claim-released":
            return f"{_who(fact)} gave the lead back: {fact['outcome']}"
        case "claim-expired":
            return f"{_who(fact)} let the lease run out"
        case "claim-left":
            return f"{_who(fact)} left, and the lead went back"
        case "claim-disposed":
            return f"{_who(fact)} ended the touch: {fact['outcome']}"
        case "cadence-ended":
            return f"the cadence ended: {_exit(fact)}"
        case "enrolment-removed":
            why = f": {fact['why']}" if fact.get("why") else ""
            return f"{_who(fact)} took the lead out of its cadence{why}"
        case "opted-out" | "consent-given" | "reply-received" | "bounced":
            return f"{type_.replace('-', ' ')}: {fact['channel']}"
        case _:
            return type_.replace("-", " ")


def _news(fact: Mapping[str, Any]) -> str:
    """What was told of the lead: its features by name and value; the person is kept sealed."""
    told = [f"{name} {value}" for name, value in fact["features"].items()]
    return ", ".join(told) or "the person"


def _exit(fact: Mapping[str, Any]) -> str:
    """The finest word that was told of an end."""
    return str(fact.get("closed_as") or fact.get("exit") or fact["reason"])


def _who(fact: Mapping[str, Any]) -> str:
    return str(fact.get("rep_id") or "somebody")
