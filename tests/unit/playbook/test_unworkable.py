"""What can never come about as it is written is refused, with place, rule and fix."""

from typing import Any

import pytest
import yaml

from engagement.playbook import Playbook
from engagement.playbook.faults import Fault, PlaybookError
from engagement.playbook.reading import from_yaml
from tests.unit.playbook.seed import TEXT

CALL = {"channel": "call", "activity": "Call"}
MAIL = {"channel": "email", "activity": "Mail"}
BERLIN = "Europe/Berlin"


def book(*steps: dict[str, Any], **parts: Any) -> str:
    """The seed's playbook with these steps, where any are given, and these parts."""
    known = yaml.safe_load(TEXT)
    if steps:
        known["cadences"][0]["steps"] = [*steps]
    calendar = known["calendar"] | parts.pop("calendar", {})
    return yaml.safe_dump(known | parts | {"calendar": calendar}, sort_keys=False)


def fault(text: str) -> Fault:
    """The one thing found wrong."""
    with pytest.raises(PlaybookError) as error:
        from_yaml(text, "book.yaml")
    (found,) = error.value.faults
    return found


def team(days: list[str], hours: str, zone: str = BERLIN) -> dict[str, Any]:
    working = {"time_zone": zone, "days": days, "hours": hours}
    return {"teams": [{"name": "inbound", "hours": working}]}


@pytest.mark.parametrize(
    ("working", "calendar"),
    [
        (team(["sat"], "09:00-17:00"), {}),
        (team(["sun"], "08:00-20:00", "Asia/Tokyo"), {}),
        (team(["mon"], "09:00-17:00"), {"team_days": ["thu", "fri"]}),
        (
            team(["fri"], "15:00-23:00"),
            {"days": ["mon", "fri"], "hours_by_day": {"fri": "00:00-01:00"}},
        ),
    ],
)
def test_a_team_that_works_when_no_lead_may_be_touched_is_refused(
    working: dict[str, Any], calendar: dict[str, Any]
) -> None:
    found = fault(book(**working, calendar=calendar))
    assert found.path == "teams[0].hours"
    assert "is never within the calendar's days and hours" in found.rule
    assert "let the team work when leads may be touched" in found.fix


@pytest.mark.parametrize(
    ("working", "calendar"),
    [
        (team(["sat"], "00:00-09:00"), {}),  # Friday afternoon in Honolulu
        (team(["sun"], "20:00-23:00", "America/Los_Angeles"), {}),  # Monday morning in Tokyo
        (team(["sat"], "09:00-17:00"), {"days": ["fri", "sat"]}),
        (team(["mon"], "18:00-23:00", "Asia/Manila"), {}),
        (team(["sun"], "22:00-23:59", "America/Los_Angeles"), {"days": ["mon"]}),
    ],
)
def test_a_team_may_work_while_its_leads_have_another_day(
    working: dict[str, Any], calendar: dict[str, Any]
) -> None:
    from_yaml(book(**working, calendar=calendar), "book.yaml")


@pytest.mark.parametrize(
    ("before", "after", "rule"),
    [
        ({"part": "afternoon"}, {"hours": "09:00-10:00"}, "it is over by 13:00"),
        ({"part": "afternoon"}, {"hours": "09:00-13:30"}, "it is over by 13:00"),
        ({"hours": "15:00-17:00"}, {"part": "morning"}, "it is over by 15:00"),
        ({"hours": "11:00-12:00"}, {"at": "10:00"}, "it is over by 11:00"),
        ({"hours": "18:00-20:00"}, {}, "it is over by 18:00"),
    ],
)
def test_a_step_whose_day_is_over_when_its_turn_comes_is_refused(
    before: dict[str, Any], after: dict[str, Any], rule: str
) -> None:
    steps = {"day": 1, **MAIL}, {"day": 2, **CALL, **before}, {"day": 2, **MAIL, **after}
    found = fault(book(*steps))
    assert found.path == "cadences[0].steps[2]"
    assert rule in found.rule
    assert "later day" in found.fix


def test_what_comes_between_does_not_make_it_earlier() -> None:
    times = {"part": "afternoon"}, {"hours": "09:00-18:00"}, {"hours": "09:00-10:00"}
    found = fault(book({"day": 1, **CALL}, *({"day": 2, **MAIL, **one} for one in times)))
    assert found.path == "cadences[0].steps[3]"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"part": "afternoon"}, {"hours": "09:00-14:00"}),
        ({"part": "morning"}, {"hours": "09:00-10:00"}),
        ({"hours": "09:30-12:00"}, {"at": "10:00"}),
        ({"part": "afternoon"}, {"day": 3, "hours": "09:00-10:00"}),
        ({"part": "afternoon"}, {}),
        ({"part": "afternoon"}, {"day": None, "with_previous": True}),
    ],
)
def test_a_step_that_still_has_an_hour_is_none(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    steps = {"day": 2, **CALL, **before}, {"day": 2, **MAIL, **after}
    from_yaml(book({"day": 1, **MAIL}, *steps), "book.yaml")


@pytest.mark.parametrize("at", ["11:01", "11:30", "12:00", "12:59"])
def test_an_exact_time_that_lunch_would_always_move_is_refused(at: str) -> None:
    steps = {"day": 1, **CALL}, {"day": 2, "at": at, **CALL}
    found = fault(book(*steps, calendar={"lunch": "12:00-13:00"}))
    assert found.path == "cadences[0].steps[1]"
    assert found.rule == f"lunch leaves no hour of {at}"
    assert found.fix.startswith("name another time")


@pytest.mark.parametrize("at", ["11:00", "13:00"])
def test_an_exact_time_an_hour_before_lunch_or_after_it_is_none(at: str) -> None:
    steps = {"day": 1, **CALL}, {"day": 2, "at": at, **CALL}
    from_yaml(book(*steps, calendar={"lunch": "12:00-13:00"}), "book.yaml")


@pytest.mark.parametrize("country", ["Germany", "de", "UK", "DEU", "ZZ"])
def test_a_country_that_no_lead_can_be_in_is_refused_wherever_it_is_asked_for(
    country: str,
) -> None:
    when = {"country": country}
    cadence = {"cadence": "nine-in-eighteen"}
    asked = {
        "entry[0].when.country": book(entry=[{"when": when, **cadence}, cadence]),
        "routing[0].when.country": book(routing=[{"when": when, "team": "inbound"}]),
        "cadences[0].steps[1].only_if.country": book(
            {"day": 1, **CALL}, {"day": 2, **MAIL, "only_if": when}
        ),
    }
    for path, text in asked.items():
        found = fault(text)
        assert (found.path, found.rule) == (path, "no country is called so")
        assert "DE or GB" in found.fix


@pytest.mark.parametrize("country", ["DE", "GB", "IN", "XK"])
def test_every_country_may_be_asked_for(country: str) -> None:
    when = {"when": {"country": country}, "team": "inbound"}
    assert from_yaml(book(routing=[when]), "book.yaml").routing


def test_a_log_may_hold_what_is_refused_since() -> None:
    """A playbook that was published before these rules is read as ever."""
    steps = (
        {"day": 1, **CALL},
        {"day": 2, "at": "11:30", **CALL},
        {"day": 2, "at": "11:30", **CALL},
    )
    text = book(
        *steps,
        calendar={"lunch": "12:00-13:00"},
        routing=[{"when": {"country": "Germany"}, "team": "inbound"}],
        **team(["sat"], "09:00-17:00"),
    )
    assert Playbook.model_validate(yaml.safe_load(text)).teams
