"""Reports of mail servers: what is final is a failure of the mail that they return."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sender.bounces import Failure, NoReport, failure
from tests.integration.sender.reports import report

DEEP = range(2_000)
PLAN = UUID("540e093c-eeb5-5643-9f08-25a4c72d28da")


@pytest.mark.parametrize("returned", ["message/rfc822", "text/rfc822-headers"])
def test_a_final_failure_names_the_mail_that_came_back(returned: str) -> None:
    assert failure(report(PLAN, returned=returned)) == Failure(PLAN, "5.1.1")


@pytest.mark.parametrize(
    ("action", "status"),
    [
        ("delayed", "4.4.1"),
        ("failed", "4.4.7"),
        ("delivered", "2.0.0"),
        ("failed", "5.2.2"),
        ("failed", "5.7.1"),
    ],
)
def test_what_says_nothing_of_the_address_is_no_failure(action: str, status: str) -> None:
    assert failure(report(PLAN, action=action, status=status)) is None


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"Subject: Out of office\r\n\r\nBack on Monday.",
        report(PLAN).replace(b"multipart/report", b"multipart/mixed"),
        report(PLAN).replace(str(PLAN).encode(), b"no-plan"),
        report(PLAN).replace(b"Message-ID", b"X-Other"),
        report(PLAN).replace(b"Status: ", b"X-Status: "),
        b"".join(b"Content-Type: multipart/report; boundary=%d\n\n--%d\n" % (n, n) for n in DEEP),
    ],
    ids=["nothing", "no report", "not a report", "not our id", "no id", "no status", "too deep"],
)
def test_what_is_no_report_about_our_mail_is_refused(raw: bytes) -> None:
    with pytest.raises(NoReport):
        failure(raw)


@given(st.binary(max_size=200), st.integers(0, 600))
def test_no_bytes_make_reading_raise_anything_else(put: bytes, at: int) -> None:
    raw = report(PLAN)
    try:
        failure(raw[:at] + put + raw[at + len(put) :])
    except NoReport:
        return
