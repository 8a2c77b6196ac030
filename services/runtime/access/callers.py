"""Who is calling: told by key or token, not by the request."""

import hashlib
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from schemas.events.fact import Text
from services.runtime.access.auth import Credentials, unauthorized
from services.runtime.access.oidc import Oidc, Tokens
from services.runtime.access.roles import ROLES, Caller, Role
from services.runtime.access.security import ApiKeys

_TEXT: Final[TypeAdapter[str]] = TypeAdapter(Text)


class Callers:
    """Everybody who may call: by a key of the settings, or by a token of the provider.

    `known` is each key's SHA-256 in hex, with its holder.
    """

    def __init__(self, known: Iterable[tuple[str, Caller]], oidc: Oidc | None = None) -> None:
        held = tuple(known)
        self._keys = ApiKeys({str(n): digest for n, (digest, _) in enumerate(held)})
        self._known = [caller for _, caller in held]
        self._marks = [hashlib.sha256(digest.encode()).hexdigest() for digest, _ in held]
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

    def holding(self, key: str | None) -> Caller | None:
        """Whose key of the settings it is."""
        number = self._keys.name_of(key)
        return None if number is None else self._known[int(number)]

    async def presenting(self, credential: str | None) -> Caller:
        """Whose key or token it is. Raises Problem 401 for anybody unknown, without saying why."""
        caller = self.holding(credential) or await self._named_by(credential or "")
        if caller is None:
            raise unauthorized()
        return caller

    async def calling(self, credentials: Credentials) -> Caller:
        """Whoever it is; raises as `presenting` does."""
        return await self.presenting(credentials.credentials if credentials else None)

    def having(self, *roles: Role) -> Callable[[Credentials], Awaitable[Caller]]:
        """A dependency that lets callers in who have one of `roles`: others get a Problem 403."""

        async def allowed(credentials: Credentials) -> Caller:
            return (await self.calling(credentials)).having(*roles)

        return allowed

    def having_team(self, *roles: Role) -> Callable[[Credentials], Awaitable[Caller]]:
        """The same, for callers of a team: without one they get a Problem 403 as well."""
        having = self.having(*roles)

        async def allowed(credentials: Credentials) -> Caller:
            caller = await having(credentials)
            caller.having_team()
            return caller

        return allowed

    async def _named_by(self, token: str) -> Caller | None:
        return self.claimed(await self._tokens.claims(token)) if self._tokens else None

    def claimed(self, claims: Mapping[str, Any] | None) -> Caller | None:
        """Whom the provider names by these claims; nobody where no provider's word is taken."""
        return _claimed(claims, self.oidc) if claims and self.oidc else None


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
