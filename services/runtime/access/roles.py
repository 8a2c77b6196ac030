"""Who somebody is to a service: a name, roles and a team, and what is refused without them."""

from dataclasses import dataclass
from typing import Final, Literal, get_args

from schemas.events.fact import Text
from services.runtime.doors.problem import Problem

Role = Literal["rep", "manager", "analyst", "operator"]
"""rep: works the leads of a team. manager: sees what the team does. analyst: sees all teams, and
nothing personal. operator: runs it all: sees how the services do, each queue in numbers, and
decides what holds for every team."""
ROLES: Final = frozenset[Role](get_args(Role))


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody known. Without a team there is none that is theirs."""

    subject: Text
    roles: frozenset[Role]
    team: Text | None

    @property
    def sees_all_teams(self) -> bool:
        """Whether what all teams do is the caller's to see; nothing personal with it."""
        return not self.roles.isdisjoint({"analyst", "operator"})

    def having(self, *roles: Role) -> "Caller":
        """The caller. Raises Problem 403 for one who has none of `roles`."""
        if self.roles.isdisjoint(roles):
            raise _role_needed(roles)
        return self

    def having_team(self) -> Text:
        """The caller's team. Raises Problem 403 for one who has none."""
        if self.team is None:
            raise _team_needed()
        return self.team


def holder(name: str, role: Role, team: Text | None = None) -> Caller:
    """Who holds the key under `name`; a second key, `<name>#2`, has the same holder."""
    return Caller(name.partition("#")[0], frozenset({role}), team)


def _role_needed(roles: tuple[Role, ...]) -> Problem:
    needed = " or ".join(roles)
    return Problem(
        403,
        "role-needed",
        f"This needs the role {needed}",
        f"You are known, but not as {needed}. Call with the key or token of one who is.",
    )


def _team_needed() -> Problem:
    return Problem(
        403,
        "team-needed",
        "Your token names no team",
        "A rep is given the leads of one team: have the provider put it into the team's claim.",
    )
