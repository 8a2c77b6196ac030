"""Why a rep's request about a claim is refused, and what to do instead."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.prioritizer.claims.claim import Claim
from services.prioritizer.claims.why import BLOCKS
from services.runtime.doors.problem import FieldError, Problem, of_field

AGAIN = "Ask POST /v1/queue/next for the lead that is yours now."


def unknown_claim(claim_id: UUID) -> Problem:
    """It does not exist, or is another rep's: nobody learns which."""
    return Problem(404, "unknown-claim", "No such claim of yours", f"No claim {claim_id}. {AGAIN}")


def stale_fence(claim: Claim) -> Problem:
    """The caller speaks of another hold of the lead."""
    detail = f"fence: the claim's fence is {claim.fence}. Send the one it was given with. {AGAIN}"
    return Problem(409, "stale-fence", "The fence is not this claim's", detail)


def lease_lost(claim: Claim) -> Problem:
    """The lease ran out; the lead may be another rep's by now."""
    detail = f"It ran out at {claim.leased_until.isoformat()}: renew in time. {AGAIN}"
    return Problem(409, "lease-lost", "The lease ran out", detail)


def plan_withdrawn() -> Problem:
    """The touch is not wanted any more: the lead opted out, replied, or its cadence ended."""
    detail = (
        "The lead's cadence has planned otherwise since you were given it: do not make this touch."
        " If it was made, end the claim with its result; else give the lead back."
    )
    return Problem(409, "plan-withdrawn", "The touch is not wanted any more", detail)


def already_closed(claim: Claim) -> Problem:
    """The claim ended before, and otherwise than the caller says now."""
    promised = f" and callback_at {claim.callback_at.isoformat()}" if claim.callback_at else ""
    ended = f", with {claim.outcome!r}" if claim.outcome else ""
    detail = f"It is {claim.state}{ended}{promised}; that stands. {AGAIN}"
    return Problem(409, "already-closed", "The claim has ended", detail)


def unknown_result_code(offered: Sequence[str]) -> Problem:
    """The playbook gives this touch other result codes."""
    error = FieldError(
        "body.result_code", "offered-with-the-claim", f"send one of: {', '.join(offered)}"
    )
    return of_field(422, "unknown-result-code", "No result code of this touch", error)


def skips_used_up(limit: int, seconds: int) -> Problem:
    """The rep gave back as many leads in a day as a rep may."""
    return Problem(
        429,
        "skips-used-up",
        "No more leads may be given back today",
        f"A rep may give back {limit} leads in 24 hours. End the touch with a result code, or give"
        f" the lead back in {seconds} seconds.",
        {"Retry-After": str(seconds)},
    )


def limit_reached(rule: str, returns_at: datetime | None) -> Problem:
    """The lead is kept back from this rep, by the playbook's limits."""
    when = f"until {returns_at.isoformat()}" if returns_at else "until one of those leads ends"
    detail = f"{rule}: {BLOCKS[rule]}; not to be taken {when}. {AGAIN}"
    return Problem(409, "limit-reached", "A limit is reached", detail)


def picking_not_allowed() -> Problem:
    """The lead's playbook serves its leads in order only."""
    return Problem(
        403,
        "picking-not-allowed",
        "The playbook lets nobody pick",
        f"Leads come in the queue's order; `picking: true` in the playbook allows more. {AGAIN}",
    )


def not_ready(lead_id: UUID) -> Problem:
    """It is kept back, held, or gone from the queue."""
    detail = f"Lead {lead_id} cannot be taken now: GET /v1/queue says which are ready. {AGAIN}"
    return Problem(409, "not-ready", "The lead is not ready", detail)


def another_in_hand(claim: Claim) -> Problem:
    """A rep holds as many leads at a time as the playbook says, by default one."""
    detail = f"End claim {claim.claim_id} first, with a disposition or a release."
    return Problem(409, "another-in-hand", "You hold another lead", detail)


def callback_out_of_range(callback_at: datetime, now: datetime, latest: datetime) -> Problem:
    """The rep promised a call in the past, or further ahead than anybody remembers."""
    rule = "in-the-future" if callback_at <= now else "at-most-a-year-ahead"
    fix = f"send a time after {now.isoformat()} and not after {latest.isoformat()}"
    error = FieldError("body.callback_at", rule, fix)
    return of_field(
        422, "callback-out-of-range", "The callback is not to come, or too far ahead", error
    )


def callback_not_kept(code: str, keeping: Sequence[str]) -> Problem:
    """The result code leads to no callback, so that the promise would be forgotten."""
    rest = f", or result_code as one of: {', '.join(keeping)}" if keeping else ""
    error = FieldError("body.callback_at", "result-calls-back", f"leave it out with {code}{rest}")
    return of_field(422, "callback-not-kept", "The result keeps no callback", error)
