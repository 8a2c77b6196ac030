"""The same person from two systems is one lead; two people never are."""

from uuid import RFC_4122, UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.received.message import Identity
from services.ingest.identity import LeadIds, Unidentifiable, normal_email, normal_phone

IDS = LeadIds(b"a secret of this deployment's own")

local_parts = st.text(st.characters(codec="utf-8", exclude_characters="@\x00"), min_size=1).filter(
    lambda text: not any(character.isspace() for character in text)
)
digits = st.text("0123456789", min_size=5, max_size=15)
texts = st.text(st.characters(codec="utf-8"), min_size=1)


def lead(
    source: str = "acme",
    *,
    email: str | None = None,
    phone: str | None = None,
    external_id: str | None = None,
) -> UUID:
    identity = Identity.model_construct(email=email, phone=phone, external_id=external_id)
    return IDS.of(identity, source)


def test_an_id_is_a_uuid_of_version_8() -> None:
    id_ = lead(email="ann@example.com")

    assert (id_.version, id_.variant) == (8, RFC_4122)


def test_an_id_needs_the_secret() -> None:
    other = LeadIds(b"another deployment's secret")
    ann = Identity(email="ann@example.com")

    assert other.of(ann, "acme") != IDS.of(ann, "acme")


@settings(deadline=None)
@given(local_parts)
def test_upper_case_and_outer_space_make_no_other_lead(local: str) -> None:
    address = f"{local}@example.com"

    assert normal_email(normal_email(address)) == normal_email(address)
    assert lead(email=f"  {address} ") == lead(email=address) == lead(email=normal_email(address))
    assert lead(email="ANN@Example.COM") == lead(email="ann@example.com")


def test_a_decomposed_and_a_composed_letter_make_one_lead() -> None:
    assert lead(email="jose\u0301@example.com") == lead(email="jos\u00e9@example.com")


def test_a_tagged_address_is_a_lead_of_its_own() -> None:
    assert lead(email="ann+news@example.com") != lead(email="ann@example.com")


def test_email_goes_before_phone_and_phone_before_the_senders_own_id() -> None:
    by_email = lead(email="ann@example.com")

    assert lead(email="ann@example.com", phone="+4930123456", external_id="7") == by_email
    assert lead(phone="+4930123456", external_id="7") == lead(phone="+4930123456")


@pytest.mark.parametrize(
    "written",
    ["+49 30 123456", "0049 30 123456", "+49 (0)30 123456", "+49-30/123456", " +4930123456"],
)
def test_an_international_number_is_one_lead_however_it_is_written(written: str) -> None:
    assert normal_phone(written) == "+4930123456"
    assert lead("web", phone=written) == lead("dialer", phone="+4930123456")


@settings(deadline=None)
@given(digits, digits)
def test_two_numbers_are_two_leads_and_one_is_one(first: str, second: str) -> None:
    same = normal_phone(f"+{first}") == normal_phone(f"+{second}") != ""

    if normal_phone(f"+{first}") and normal_phone(f"+{second}"):
        assert (lead(phone=f"+{first}") == lead(phone=f"+{second}")) == same


@settings(deadline=None)
@given(st.text("0123456789 ()-./+", max_size=32))
def test_normalising_a_number_twice_changes_nothing(number: str) -> None:
    assert normal_phone(normal_phone(number)) == normal_phone(number)


def test_a_national_number_is_told_apart_by_source() -> None:
    """In two countries it is two people's."""
    assert lead("berlin", phone="030 123456") != lead("boston", phone="030 123456")
    assert lead("berlin", phone="030 123456") == lead("berlin", phone="(030) 123-456")


@settings(deadline=None)
@given(texts, texts, texts, texts)
def test_a_senders_own_id_counts_within_the_sender(a: str, x: str, b: str, y: str) -> None:
    one = lead(a, external_id=x)
    two = lead(b, external_id=y)

    assert (one == two) == ((a, x) == (b, y))


def test_a_phone_without_digits_falls_back_to_the_senders_own_id() -> None:
    assert lead(phone="-----", external_id="7") == lead(external_id="7")


def test_a_phone_without_digits_alone_identifies_nobody() -> None:
    with pytest.raises(Unidentifiable, match="fewer than 5 digits"):
        lead(phone="(-----)")
