"""JSON that has one meaning: what two readers could understand differently is refused.

pydantic's parser takes the last of two equal keys and reads NaN; a sender's mistake would pass.
"""

import json
from typing import Any, NoReturn

from schemas.message import Undecodable


def parse(value: bytes) -> Any:
    """The JSON value of UTF-8 bytes; Undecodable for a key that occurs twice, NaN, Infinity."""
    try:
        return json.loads(value.decode(), object_pairs_hook=_unique, parse_constant=_no_number)
    except Undecodable:
        raise
    except UnicodeDecodeError:
        raise Undecodable("not-utf8", "the value is not UTF-8") from None
    except RecursionError:
        raise Undecodable("not-json", "the value is nested too deeply") from None
    except ValueError:
        raise Undecodable("not-json", "the value is not JSON") from None


def written(value: Any) -> bytes:
    """What was parsed, as JSON again; Undecodable where it is nested too deeply for that."""
    try:
        return json.dumps(value).encode()
    except RecursionError:
        raise Undecodable("not-json", "the value is nested too deeply") from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Undecodable("invalid", "a key occurs twice in one object; send it once")
    return found


def _no_number(_name: str) -> NoReturn:
    raise Undecodable("not-json", "NaN and Infinity are not JSON")
