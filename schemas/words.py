"""What a part of a schema allows, in words, for the catalogue."""

from schemas.subset import Schema

_FORMATS = {"uuid": "UUID", "date-time": "time, RFC 3339 with offset"}
_NO_NUL = r"^[^\x00]*$"


def type_words(part: Schema) -> str:
    """One cell of a Markdown table."""
    if "$ref" in part:
        title = part["$ref"].removeprefix("#/$defs/")
        return f"[{title}](#{title.lower()})"
    if "anyOf" in part:
        return " or ".join(type_words(branch) for branch in part["anyOf"])
    if "enum" in part or "const" in part:
        return ", ".join(f"`{value}`" for value in part.get("enum", [part.get("const")]))
    if part["type"] == "array":
        return f"list of {type_words(part['items'])}"
    if part["type"] == "string":
        note = f", {part['description']}" if "description" in part else ""
        return (_FORMATS.get(part.get("format", "")) or _text(part)) + note
    return f"{part['type']}{_range(part, 'minimum', 'maximum')}"


def _text(part: Schema) -> str:
    length = _range(part, "minLength", "maxLength")
    pattern = part.get("pattern", _NO_NUL)
    matching = "" if pattern == _NO_NUL else f", `{pattern}`".replace("|", "\\|")
    return f"text{length}{' characters' if length else ''}{matching}"


def _range(part: Schema, low: str, high: str) -> str:
    if high not in part:
        return ""
    return f", {part[low]} to {part[high]}" if low in part else f", at most {part[high]}"
