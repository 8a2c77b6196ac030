"""Shopify's webhooks customers/create and orders/paid, as leads.

Shopify signs the raw body, and no time and no header: against replay there is the dedupe key
alone. Unknown keys are passed over, since Shopify adds some with each of its API versions.
Source: shopify.dev, webhooks (verify deliveries, delivery structure) and Customer resource.
"""

import re
from collections.abc import Callable, Mapping
from typing import Annotated, Final

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    TypeAdapter,
    ValidationError,
)

from schemas.events.fact import ChannelConsent, Consent
from schemas.received.lead import MqlReceived
from schemas.received.message import Phone
from services.ingest.identity import LeadIds, normal_phone
from services.ingest.lead import Lead, lead_of
from services.ingest.refused import Refused, parsed, refused

SOURCE: Final = "shopify"

_PHONE: Final = TypeAdapter(Phone)
_CONSENT: Final[dict[str, Consent]] = {
    "subscribed": "granted",
    "unsubscribed": "denied",
    "redacted": "denied",
}
"""Every other state (not_subscribed, pending, invalid) says neither yes nor no."""


def _told(value: object) -> object:
    return (value.strip() or None) if isinstance(value, str) else value


def _clipped(value: object) -> object:
    """Shopify's texts may be longer than ours."""
    return value[:200] if isinstance(value, str) else value


def _country(value: object) -> object:
    return value if isinstance(value, str) and re.fullmatch(r"[A-Z]{2}", value) else None


def _phone(value: object) -> object:
    """An address's phone is free text: what is no number is left out, not refused."""
    try:
        return value if normal_phone(_PHONE.validate_python(value)) else None
    except ValidationError:
        return None


_Told = Annotated[str | None, BeforeValidator(_told)]
_Clipped = Annotated[_Told, BeforeValidator(_clipped)]
_Number = Annotated[str | None, BeforeValidator(_phone)]


class _Payload(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _Marketing(_Payload):
    state: str | None = None


class _Address(_Payload):
    company: _Clipped = None
    phone: _Number = None
    province: _Clipped = None
    country_code: Annotated[str | None, BeforeValidator(_country)] = None


class _Customer(_Payload):
    id: int | None = None
    email: _Told = None
    phone: _Number = None
    first_name: _Clipped = None
    last_name: _Clipped = None
    email_marketing_consent: _Marketing | None = None
    sms_marketing_consent: _Marketing | None = None
    default_address: _Address | None = None
    created_at: AwareDatetime | None = None


class _Order(_Payload):
    email: _Told = None
    phone: _Number = None
    customer: _Customer | None = None
    updated_at: AwareDatetime | None = None


def leads(raw: bytes, topic: str, ids: LeadIds) -> list[Lead]:
    """The lead in `raw`: the customer, or the order's customer; none where an order names nobody.

    `topic` is one of TOPICS. Raises Refused where the body is not what Shopify documents for it.
    """
    document = parsed(raw)
    try:
        mql = TOPICS[topic](document)
    except ValidationError as error:
        raise refused(error) from None
    return [lead_of(mql, SOURCE, ids)] if mql is not None else []


def _of_customer(document: object) -> MqlReceived:
    customer = _Customer.model_validate(document)
    if customer.id is None:
        raise Refused("invalid", "id", "a customer has one", "send Shopify's own body")
    return _mql(customer, customer.created_at)


def _of_order(document: object) -> MqlReceived | None:
    """A guest's order has no customer, and at a till it has no address either."""
    order = _Order.model_validate(document)
    customer = order.customer or _Customer()
    contact = {"email": customer.email or order.email, "phone": customer.phone or order.phone}
    if customer.id is None and not any(contact.values()):
        return None
    return _mql(customer.model_copy(update=contact), order.updated_at)


def _mql(customer: _Customer, occurred_at: AwareDatetime | None) -> MqlReceived:
    address = customer.default_address or _Address()
    return MqlReceived(
        email=customer.email,
        phone=customer.phone or address.phone,
        external_id=str(customer.id) if customer.id is not None else None,
        occurred_at=occurred_at,
        first_name=customer.first_name,
        last_name=customer.last_name,
        company=address.company,
        country=address.country_code,
        region=address.province,
        consent=ChannelConsent(
            email=_consent(customer.email_marketing_consent),
            sms=_consent(customer.sms_marketing_consent),
        ),
    )


def _consent(told: _Marketing | None) -> Consent:
    return _CONSENT.get(told.state or "", "unknown") if told is not None else "unknown"


TOPICS: Final[Mapping[str, Callable[[object], MqlReceived | None]]] = {
    "customers/create": _of_customer,
    "orders/paid": _of_order,
}
"""The topics that bring leads, and how each is read."""
