"""The playbook as a JSON Schema, by which editors complete and check what managers write."""

import json
from typing import Any

from engagement.playbook.playbook import Playbook

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def document() -> str:
    """The schema as JSON, keys sorted: the same playbook model always gives the same text.

    It knows keys, words and numbers; rules between keys are for `touchline playbook check`.
    """
    schema = {"$schema": _DIALECT, **Playbook.model_json_schema()}
    written = Playbook.model_json_schema(mode="serialization")["$defs"]
    schema["$defs"] |= {name: part for name, part in written.items() if _is_text(part)}
    return json.dumps(schema, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _is_text(part: dict[str, Any]) -> bool:
    """Whether it is written as one text, such as hours, whatever it consists of once read."""
    return part.get("type") == "string"
