"""What a source tells of a lead anew: derived as when it comes in, or refused."""

import orjson
import pytest

from services.ingest.connectors.events import contents
from services.ingest.update import Update
from tests.unit.ingest.telling import DIALER, IDS, LEAD, RECORDED, SAID, raw, refusal


def updates(**told: object) -> Update:
    (only,) = contents(raw("lead-updated", **told), DIALER, RECORDED, IDS)
    assert isinstance(only, Update)
    return only


def test_an_update_tells_features_as_they_are_derived_when_a_lead_comes_in() -> None:
    update = updates(country="AT", region="9", email="ada@acme.example", score=80, language="de")

    assert update.features.told == {
        "country": "AT",
        "region": "9",
        "time_zone": "Europe/Vienna",
        "zone_source": "country",
        "mail": "business",
        "score": 80,
        "language": "de",
    }
    assert (update.lead_id, update.occurred_at) == (LEAD, SAID)
    assert update.reach.domain


def test_an_update_tells_the_zone_of_a_new_number_before_that_of_the_country() -> None:
    told = updates(phone="+81 3 1234 5678", country="DE").features.told

    assert (told["time_zone"], told["zone_source"]) == ("Asia/Tokyo", "phone")


def test_a_person_is_told_whole_with_what_names_the_lead() -> None:
    item = {"event": "lead-updated", "identity": {"email": "ada@acme.example"}, "title": "CTO"}
    (update,) = contents(orjson.dumps(item), DIALER, RECORDED, IDS)

    assert isinstance(update, Update)
    assert orjson.loads(update.person or b"") == {"email": "ada@acme.example", "title": "CTO"}
    assert updates(score=1).person is None


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({}, "value: tells nothing of the lead: send what is to be told anew"),
        ({"region": "BY"}, "value: region is one of a country: send country with it"),
        ({"time_zone": "Mars/Olympus"}, "time_zone: no time zone has this name"),
        ({"score": 101}, "score: Input should be less than or equal to 100"),
        ({"campaign": "spring"}, "campaign: Extra inputs are not permitted"),
        ({"source": "shop", "score": 1}, "value: source says whose identity it is"),
        ({"channel": "email"}, "channel: Extra inputs are not permitted"),
    ],
)
def test_an_update_that_says_nothing_or_nonsense_is_refused(
    told: dict[str, object], reason: str
) -> None:
    code, why = refusal(DIALER, "lead-updated", **told)

    assert code == "invalid"
    assert why.startswith(reason)
