"""The link in a mail is its own proof: always the same, and nobody makes another."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.sender.unsubscribing import PATH, Unsubscribing

OURS = Unsubscribing(b"a secret of ours", "https://mail.example.com")
PLAN, LEAD = UUID(int=1), UUID(int=2)


def token(of: Unsubscribing = OURS) -> str:
    """The token of the mail."""
    return of.link(PLAN, LEAD).rpartition("/")[2]


@given(st.uuids(), st.uuids())
def test_a_link_names_its_mail_and_its_lead(plan: UUID, lead: UUID) -> None:
    link = OURS.link(plan, lead)
    assert link == OURS.link(plan, lead)
    assert link.startswith(f"https://mail.example.com{PATH}/")
    assert OURS.read(link.rpartition("/")[2]) == (plan, lead)


@given(st.integers(0, 63), st.sampled_from("ABCabc012-_"))
def test_no_letter_of_a_token_may_be_another(at: int, put: str) -> None:
    altered = token()[:at] + put + token()[at + 1 :]
    assert altered == token() or OURS.read(altered) is None


@given(st.text())
def test_no_text_makes_reading_raise(text: str) -> None:
    assert OURS.read(text) is None


def test_another_secret_s_token_means_nothing() -> None:
    assert OURS.read(token(Unsubscribing(b"another secret", OURS.url))) is None
