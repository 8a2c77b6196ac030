"""Why a rep's request about a claim is refused, and what to do instead."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.prioritizer.claim import Claim
from services.runtime.problem import FieldError, Problem

AGAIN = "Ask POST /v1/queue/next for the lead that is yours now."


def unknown_claim(claim_id: UUID) -> Problem:
    """It does not exist, or is another rep's: nobody learns which."""
    return Problem(404, "unknown-claim", "No such claim of yours", f"No claim {claim_id}. {AGAIN}")


def unknown_team_claim(claim_id: UUID) -> Problem:
    """It does not exist, or is another team's: nobody learns which."""
    detail = f"No claim {claim_id}. Ask with the `claim.id` that POST /v1/queue/next gave."
    return Problem(404, "unknown-claim", "No such claim of your team", detail)


def stale_fence(claim: Claim) -> Problem:
    """The caller speaks of another hold of the lead."""
    detail = f"fence: the claim's fence is {claim.fence}. Send the one it was given with. {AGAIN}"
    return Problem(409, "stale-fence", "The fence is not this claim's", detail)


def lease_lost(claim: Claim) -> Problem:
    """The lease ran out; the lead may be another rep's by now."""
    detail = f"It ran out at {claim.leased_until.isoformat()}: renew in time. {AGAIN}"
    return Problem(409, "lease-lost", "The lease ran out", detail)


def already_closed(claim: Claim) -> Problem:
    """The claim ended before, and otherwise than the caller says now."""
    promised = f" and callback_at {claim.callback_at.isoformat()}" if claim.callback_at else ""
    detail = f"It is {claim.state}, with {claim.outcome!r}{promised}; that stands. {AGAIN}"
    return Problem(409, "already-closed", "The claim has ended", detail)


def unknown_result_code(offered: Sequence[str]) -> Problem:
    """The playbook gives this touch other result codes."""
    error = FieldError(
        "body.result_code", "offered-with-the-claim", f"send one of: {', '.join(offered)}"
    )
    return Problem(
        422,
        "unknown-result-code",
        "No result code of this touch",
        f"{error.field}: {error.fix}",
        errors=(error,),
    )


def callback_out_of_range(callback_at: datetime, now: datetime, latest: datetime) -> Problem:
    """The rep promised a call in the past, or further ahead than anybody remembers."""
    rule = "in-the-future" if callback_at <= now else "at-most-a-year-ahead"
    fix = f"send a time after {now.isoformat()} and not after {latest.isoformat()}"
    error = FieldError("body.callback_at", rule, fix)
    return Problem(
        422,
        "callback-out-of-range",
        "The callback is not to come, or too far ahead",
        f"{error.field}: {error.fix}",
        errors=(error,),
    )
