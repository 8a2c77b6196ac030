"""Who may call the queue, as its settings have it, and the rep among them."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from schemas.events.fact import Text
from services.prioritizer.settings import RepSettings, StaffSettings
from services.runtime.access.auth import Credentials
from services.runtime.access.callers import Callers
from services.runtime.access.oidc import Oidc
from services.runtime.access.roles import holder


@dataclass(frozen=True, slots=True)
class Rep:
    """Who asks for leads."""

    rep_id: Text
    team: Text


def callers_of(
    reps: Mapping[str, RepSettings],
    staff: Mapping[str, StaffSettings] | None = None,
    oidc: Oidc | None = None,
) -> Callers:
    """Everybody who may call."""
    known = [(rep.key_sha256, holder(name, "rep", rep.team)) for name, rep in reps.items()]
    known += [
        (one.key_sha256, holder(name, one.role, one.team)) for name, one in (staff or {}).items()
    ]
    return Callers(known, oidc)


def rep_among(callers: Callers) -> Callable[[Credentials], Awaitable[Rep]]:
    """A dependency that gives a route the calling rep.

    Raises Problem 401, and 403 for callers who are none, or of no team.
    """

    async def rep(credentials: Credentials) -> Rep:
        caller = (await callers.calling(credentials)).having("rep")
        return Rep(caller.subject, caller.having_team())

    return rep
