"""Which rep is calling, and of which team: both come from the key, never from the request."""

from collections.abc import Mapping
from dataclasses import dataclass

from schemas.events.fact import Text
from services.prioritizer.settings import RepSettings
from services.runtime.auth import Credentials, caller
from services.runtime.security import ApiKeys


@dataclass(frozen=True, slots=True)
class Rep:
    """Who asks for leads."""

    rep_id: Text
    team: Text


class Reps:
    """All reps that may ask."""

    def __init__(self, reps: Mapping[str, RepSettings]) -> None:
        self._named = caller(ApiKeys({name: rep.key_sha256 for name, rep in reps.items()}))
        self._teams = {name.partition("#")[0]: rep.team for name, rep in reps.items()}

    async def calling(self, credentials: Credentials) -> Rep:
        """The rep whose key was presented. Raises Problem 401 where it is nobody's."""
        rep_id = self._named(credentials)
        return Rep(rep_id, self._teams[rep_id])
