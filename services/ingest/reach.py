"""What a number and a mail domain are known by, so that a list of them holds none of them."""

from services.ingest.identity import LeadIds, normal_email
from services.ingest.mail import kind_of_mail
from services.ingest.phone_zone import e164

_NUMBER, _DOMAIN = b"number:", b"domain:"


def hashes(
    ids: LeadIds, phone: str | None, country: str | None, email: str | None
) -> tuple[bytes, ...]:
    """Of the lead's number and business mail domain, as far as it has them.

    A free mailbox says nothing of whom its domain belongs to, and a national number nothing
    without its country.
    """
    number = hash_of_number(ids, phone, country) if phone is not None else None
    domain = None
    if email is not None and kind_of_mail(email) == "business":
        domain = hash_of_domain(ids, email.rpartition("@")[2])
    return tuple(hash_ for hash_ in (number, domain) if hash_ is not None)


def hash_of_number(ids: LeadIds, phone: str, country: str | None) -> bytes | None:
    """Of the number in its international form; nothing where that cannot be told."""
    number = e164(phone, country)
    return None if number is None else ids.fingerprint(_NUMBER + number.encode())


def hash_of_domain(ids: LeadIds, domain: str) -> bytes:
    """Of exactly this domain, in lower case: a subdomain is another one."""
    return ids.fingerprint(_DOMAIN + normal_email(domain).encode())
