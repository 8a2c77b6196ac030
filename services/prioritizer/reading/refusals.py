"""Why what a caller asks to see is not shown, and what to ask for instead."""

from uuid import UUID

from services.runtime.doors.problem import FieldError, Problem, of_field


def unknown_team_claim(claim_id: UUID) -> Problem:
    """It does not exist, or is another team's: nobody learns which."""
    detail = f"No claim {claim_id}. Ask with the `claim.id` that POST /v1/queue/next gave."
    return Problem(404, "unknown-claim", "No such claim of your team", detail)


def unknown_lead(lead_id: UUID | str) -> Problem:
    """It does not exist, or is another team's: nobody learns which."""
    detail = f"No lead {lead_id}. Ask with an id that the queue or its lists gave."
    return Problem(404, "unknown-lead", "No such lead of your team", detail)


def no_cursor() -> Problem:
    """The list was asked to go on from a place that it never named."""
    error = FieldError(
        "query.cursor", "given-by-the-list", "send `next` of the page before, or none"
    )
    return of_field(422, "invalid-cursor", "No cursor of this list", error)


def not_your_team() -> Problem:
    """The caller asks about another team."""
    detail = "query.team: leave it out for your own team; analysts and operators see others."
    return Problem(403, "not-your-team", "The team is not yours", detail)


def team_missing() -> Problem:
    """The caller is of no team, and names none."""
    error = FieldError("query.team", "needed-without-a-team", "name the team")
    return of_field(422, "team-missing", "Which team?", error)
