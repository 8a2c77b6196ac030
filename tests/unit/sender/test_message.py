"""A mail carries the touch's own id and the one-click header, and goes where it should."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from uuid import UUID

import pytest

from services.sender.message import Unaddressable, Writer
from services.sender.templates import Content

PLAN = UUID("540e093c-eeb5-5643-9f08-25a4c72d28da")
CONTENT = Content("Grüße", "Hello", "<p>Hello</p>")
ASKED = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
LINK = "https://mail.example.com/v1/unsubscribe/token"
WRITER = Writer("Sales <sales@example.com>")


def test_the_same_touch_gives_the_same_bytes_but_for_the_boundary() -> None:
    mail = WRITER.write("ada@example.com", PLAN, Content("Hello", "Hello", None), LINK, at=ASKED)
    again = WRITER.write("ada@example.com", PLAN, Content("Hello", "Hello", None), LINK, at=ASKED)
    assert mail.as_bytes() == again.as_bytes()
    assert mail["Message-ID"] == f"<{PLAN}@example.com>"
    assert mail["Date"] == "Mon, 02 Mar 2026 09:30:00 +0000"


def test_one_click_unsubscription_is_as_rfc_8058_lays_down() -> None:
    raw = WRITER.write("ada@example.com", PLAN, CONTENT, LINK, at=ASKED).as_bytes()
    mail = message_from_bytes(raw, policy=policy.default)
    assert mail["List-Unsubscribe"] == f"<{LINK}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert (mail["Subject"], mail["To"]) == ("Grüße", "ada@example.com")
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "ada",
        "ada@example.com, eve@example.com",
        "ada@example.com.",
        "<ada@example.co",
        "a@[b.co",
        "a@b..co",
        "ada@example.com\r\nBcc: eve@example.com",
    ],
)
def test_a_mail_goes_to_one_address_or_nowhere(address: str | None) -> None:
    with pytest.raises(Unaddressable):
        WRITER.write(address, PLAN, CONTENT, LINK, at=ASKED)
