"""Links to write to a lead, whose address a stranger chose."""

import pytest

from services.prioritizer.console.pages import mailto


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("ada@example.com", "mailto:ada@example.com"),
        (
            "bob%40corp.example?bcc=spy%40evil.example&x=@a.b",
            "mailto:bob%2540corp.example%3Fbcc%3Dspy%2540evil.example%26x%3D@a.b",
        ),
        ("ada@a.b?subject=won", "mailto:ada@a.b%3Fsubject%3Dwon"),
    ],
)
def test_an_address_is_all_that_the_link_names(address: str, link: str) -> None:
    assert mailto(address) == link
