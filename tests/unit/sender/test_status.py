"""Which refusals close an address, by the tables of RFC 3463."""

import pytest

from services.sender.status import is_of_the_address, refuses_the_address


@pytest.mark.parametrize(
    "status", ["5.1.1", "5.1.2", "5.1.6", "5.1.10", "5.2.1", "5.0.0", "5.2.0"]
)
def test_a_wrong_or_disabled_address_is_at_fault(status: str) -> None:
    assert is_of_the_address(status)
    assert refuses_the_address(550, f"{status} <ada@example.com>: no")


@pytest.mark.parametrize(
    "status", ["5.1.7", "5.1.8", "5.2.2", "5.2.3", "5.3.4", "5.4.4", "5.5.2", "5.6.1", "5.7.1"]
)
def test_all_else_says_nothing_of_the_address(status: str) -> None:
    assert not is_of_the_address(status)
    assert not refuses_the_address(550, f"{status} <ada@example.com>: no")


@pytest.mark.parametrize(
    ("code", "text", "refused"),
    [
        (550, "no such user", True),
        (551, "User not local", True),
        (553, "not allowed", True),
        (552, "Exceeded storage allocation", False),
        (554, "Transaction failed", False),
        (554, "5.0.0 other", False),
        (550, "5.0.0 other", True),
        (554, "5.1.1 unknown", True),
        (550, "blocked, see 15.5.1.1 of our rules", True),
        (450, "5.1.1 later", False),
        (421, "4.3.2 going down", False),
    ],
)
def test_a_reply_without_an_enhanced_code_is_read_by_its_own(
    code: int, text: str, refused: bool
) -> None:
    assert refuses_the_address(code, text) is refused
