"""Time zones from the locked `tzdata` package, never from the machine.

Which day a lead is on decides its plans, so every machine must read the same zone data: otherwise
a replay on another host would differ from what was decided.
"""

from functools import cache, lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo


@lru_cache(maxsize=1)
def names() -> frozenset[str]:
    """Every zone that a lead or a playbook may name."""
    return frozenset((files("tzdata") / "zones").read_text(encoding="ascii").split())


@cache
def zone(name: str) -> ZoneInfo:
    """The zone called `name`, which is one of `names()`."""
    resource = files("tzdata").joinpath("zoneinfo", *name.split("/"))
    with resource.open("rb") as data:
        return ZoneInfo.from_file(data, key=name)
