"""By what a lead can be reached, and what says nothing of whom one would reach."""

from hypothesis import given
from hypothesis import strategies as st

from services.ingest.identity import LeadIds
from services.ingest.reach import Reach, hash_of_domain, hash_of_number, reach

IDS = LeadIds(b"a secret of this deployment's own")


def test_a_number_is_one_however_it_is_written() -> None:
    written = [("+49 30 1234567", None), ("0049 (0)30 1234567", "US"), ("030 12345-67", "DE")]

    assert len({hash_of_number(IDS, *one) for one in written}) == 1


def test_a_domain_is_one_in_any_case_and_a_subdomain_is_another() -> None:
    assert hash_of_domain(IDS, " Acme.Example ") == hash_of_domain(IDS, "acme.example")
    assert hash_of_domain(IDS, "mail.acme.example") != hash_of_domain(IDS, "acme.example")


def test_a_lead_is_reached_by_number_and_business_domain() -> None:
    number, domain = hash_of_number(IDS, "+49301234567", None), hash_of_domain(IDS, "acme.example")

    assert reach(IDS, "+49 30 1234567", None, "Ann@Acme.Example") == Reach(number, domain)
    assert reach(IDS, "030 1234567", None, "ann@gmail.com") == Reach()
    assert reach(IDS, None, None, None) == Reach()


def test_without_the_secret_nothing_can_be_tried_out() -> None:
    other = LeadIds(b"another deployment's secret")

    assert hash_of_domain(other, "acme.example") != hash_of_domain(IDS, "acme.example")


@given(st.text("0123456789 ()-./+", max_size=32), st.sampled_from([None, "US", "DE"]))
def test_whatever_number_comes_it_has_a_hash_or_none(number: str, country: str | None) -> None:
    assert len(hash_of_number(IDS, number, country) or b"x" * 32) == 32
