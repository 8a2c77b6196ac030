"""Who is calling, as what, and of which team: told by key or token, not by the request."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, get_args

from pydantic import TypeAdapter, ValidationError

from schemas.events.fact import Text
from services.prioritizer.settings import RepSettings, Role, StaffSettings
from services.runtime.auth import Credentials, unauthorized
from services.runtime.oidc import Oidc, Tokens
from services.runtime.problem import Problem
from services.runtime.security import ApiKeys

ROLES: Final = frozenset[Role](get_args(Role))
_TEXT: Final[TypeAdapter[str]] = TypeAdapter(Text)


@dataclass(frozen=True, slots=True)
class Rep:
    """Who asks for leads."""

    rep_id: Text
    team: Text


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


class Callers:
    """Everybody who may call: by a key of the settings, or by a token of the provider."""

    def __init__(
        self,
        reps: Mapping[str, RepSettings],
        staff: Mapping[str, StaffSettings] | None = None,
        oidc: Oidc | None = None,
    ) -> None:
        known = [_known(name, "rep", rep) for name, rep in reps.items()]
        known += [_known(name, one.role, one) for name, one in (staff or {}).items()]
        self._keys = ApiKeys({str(n): digest for n, (digest, _) in enumerate(known)})
        self._known = [caller for _, caller in known]
        self._marks = [hashlib.sha256(digest.encode()).hexdigest() for digest, _ in known]
        self.oidc = oidc
        """The provider whose word is taken, if any is."""
        self._tokens = Tokens(oidc) if oidc else None

    def mark_of(self, key: str) -> str | None:
        """What a session keeps of a key: enough to know it again, too little to call with."""
        number = self._keys.name_of(key)
        return None if number is None else self._marks[int(number)]

    def marked(self, mark: str) -> Caller | None:
        """Whose key has this mark; nobody once the key is gone from the settings."""
        return self._known[self._marks.index(mark)] if mark in self._marks else None

    async def calling(self, credentials: Credentials) -> Caller:
        """Whoever it is. Raises Problem 401 for anybody unknown, without saying why."""
        presented = credentials.credentials if credentials else ""
        number = self._keys.name_of(presented)
        if number is not None:
            return self._known[int(number)]
        caller = await self._named_by(presented)
        if caller is None:
            raise unauthorized()
        return caller

    async def rep(self, credentials: Credentials) -> Rep:
        """The calling rep. Raises Problem 401, and 403 for callers who are none."""
        caller = _checked(await self.calling(credentials), ("rep",))
        return Rep(caller.subject, _team_of(caller))

    def having(self, *roles: Role) -> Callable[[Credentials], Awaitable[Caller]]:
        """A dependency that lets callers in who have one of `roles`: others get a Problem 403."""

        async def allowed(credentials: Credentials) -> Caller:
            return _checked(await self.calling(credentials), roles)

        return allowed

    def having_team(self, *roles: Role) -> Callable[[Credentials], Awaitable[Caller]]:
        """The same, for callers of a team: without one they get a Problem 403 as well."""
        having = self.having(*roles)

        async def allowed(credentials: Credentials) -> Caller:
            caller = await having(credentials)
            _team_of(caller)
            return caller

        return allowed

    async def _named_by(self, token: str) -> Caller | None:
        return self.claimed(await self._tokens.claims(token)) if self._tokens else None

    def claimed(self, claims: Mapping[str, Any] | None) -> Caller | None:
        """Whom the provider names by these claims; nobody where no provider's word is taken."""
        return _claimed(claims, self.oidc) if claims and self.oidc else None


def _known(name: str, role: Role, one: RepSettings | StaffSettings) -> tuple[str, Caller]:
    return one.key_sha256, Caller(name.partition("#")[0], frozenset({role}), one.team)


def _claimed(claims: Mapping[str, Any], oidc: Oidc) -> Caller | None:
    """None where the subject could be no name of ours. Roles of other systems are passed over."""
    subject, told = _text(claims.get("sub")), claims.get(oidc.role_claim)
    named = told if isinstance(told, list) else [told]
    roles = frozenset(role for role in ROLES if role in named)
    return Caller(subject, roles, _text(claims.get(oidc.team_claim))) if subject else None


def _text(claim: object) -> str | None:
    try:
        return _TEXT.validate_python(claim, strict=True)
    except ValidationError:
        return None


def _team_of(caller: Caller) -> str:
    if caller.team is None:
        raise _team_needed()
    return caller.team


def _checked(caller: Caller, roles: tuple[Role, ...]) -> Caller:
    if caller.roles.isdisjoint(roles):
        raise _role_needed(roles)
    return caller


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
