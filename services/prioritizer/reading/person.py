"""The person behind a lead, for those who may see it."""

from uuid import UUID

from pydantic import TypeAdapter

from services.runtime.vault import unseal

Person = dict[str, str]
"""The personal fields, as their source told them."""

_PERSON = TypeAdapter(Person)


def unsealed(key: bytes | None, lead_id: UUID, sealed: str) -> Person | None:
    """The person; None where there is no key any more: the lead was erased."""
    return None if key is None else _PERSON.validate_json(unseal(key, lead_id, sealed))


def name(person: Person | None) -> str:
    """What to call the person in a list."""
    if person is None:
        return "(erased)"
    names = " ".join(person[part] for part in ("first_name", "last_name") if part in person)
    return names or person.get("company") or person.get("email") or person.get("phone") or "?"
