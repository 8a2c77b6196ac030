"""What a number and a mail domain are known by, so that a list of them holds none of them."""

from typing import NamedTuple

from services.ingest.identity import LeadIds, normal_email
from services.ingest.mail import kind_of_mail
from services.ingest.phone_zone import e164

_NUMBER, _DOMAIN = b"number:", b"domain:"


class Reach(NamedTuple):
    """The hashes of a lead's number and business mail domain, as far as it has them."""

    number: bytes | None = None
    domain: bytes | None = None


NOWHERE = Reach()


def reach(ids: LeadIds, phone: str | None, country: str | None, email: str | None) -> Reach:
    """Of the lead's number and business mail domain, as far as it has them.

    A free mailbox says nothing of whom its domain belongs to, and a national number nothing
    without its country.
    """
    number = hash_of_number(ids, phone, country) if phone is not None else None
    domain = None
    if email is not None and kind_of_mail(email) == "business":
        domain = hash_of_domain(ids, email.rpartition("@")[2])
    return Reach(number, domain)


def hash_of_number(ids: LeadIds, phone: str, country: str | None) -> bytes | None:
    """Of the number in its international form; nothing where that cannot be told."""
    number = e164(phone, country)
    return None if number is None else ids.fingerprint(_NUMBER + number.encode())


def hash_of_domain(ids: LeadIds, domain: str) -> bytes:
    """Of exactly this domain, in lower case: a subdomain is another one."""
    return ids.fingerprint(_DOMAIN + normal_email(domain).encode())
