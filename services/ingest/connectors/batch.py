"""A body that holds one item or a list of them: all are taken, or none."""

from collections.abc import Callable
from typing import TypeVar

from services.ingest.refused import WHOLE, Refused, parsed

MOST_ITEMS = 100

Item = TypeVar("Item")


def items(raw: bytes, kind: str, read: Callable[[object], Item]) -> list[Item]:
    """What `read` makes of each item in `raw`, in its order; `kind` is what items are called.

    Raises Refused if any is wrong, naming its index in the list, field, rule and fix.
    """
    document = parsed(raw)
    if not isinstance(document, list):
        return [read(document)]
    if not 1 <= len(document) <= MOST_ITEMS:
        rule = f"a list of {len(document)} {kind}"
        raise Refused("invalid", WHOLE, rule, f"send 1 to {MOST_ITEMS} at once")
    return [_at(n, read, item) for n, item in enumerate(document)]


def _at(n: int, read: Callable[[object], Item], item: object) -> Item:
    try:
        return read(item)
    except Refused as error:
        raise error.at(n) from None
