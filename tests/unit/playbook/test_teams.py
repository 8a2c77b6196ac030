"""Routing and teams: whose queue a lead is in, decided when it enters and recorded then."""

from typing import Any

import pytest
from hypothesis import given as whatever
from hypothesis import strategies as some

from engagement.playbook import Playbook
from engagement.playbook.difference import Change, changes
from engagement.playbook.faults import PlaybookError
from engagement.playbook.reading import from_yaml
from schemas.envelope import Event
from schemas.events.decision import CadenceEntered
from schemas.events.fact import Features
from tests.unit.cadence.facts import PLAYBOOK, created, published
from tests.unit.cadence.spec import given
from tests.unit.playbook.seed import TEXT

TEAMS: list[dict[str, Any]] = [{"name": "dach", "new_leads_a_day": 200}, {"name": "shop"}]
ROUTING: list[dict[str, Any]] = [
    {"when": {"language": "de"}, "team": "dach"},
    {"when": {"source": "shopify", "region": "BE"}, "team": "shop"},
    {"when": {"source": "shopify"}, "team": "dach"},
]


def routed(**parts: Any) -> Playbook:
    known = PLAYBOOK.model_dump(mode="json", exclude_none=True)
    return Playbook.model_validate({**known, "teams": TEAMS, "routing": ROUTING, **parts})


@pytest.mark.parametrize(
    ("features", "team"),
    [
        ({"source": "web"}, "inbound"),
        ({"source": "web", "language": "de"}, "dach"),
        ({"source": "shopify", "language": "de", "region": "BE"}, "dach"),
        ({"source": "shopify", "language": "en", "region": "BE"}, "shop"),
        ({"source": "shopify"}, "dach"),
    ],
)
def test_the_first_rule_that_a_lead_meets_says_whose_it_is(
    features: dict[str, Any], team: str
) -> None:
    told = Features.model_validate(features)
    assert routed().team_for(told) == team
    first = created("03-03 10:00")
    lead = Event(first.envelope, first.data.model_copy(update={"features": told}))
    entered, _ = given(published(routed())).when(lead).facts
    assert isinstance(entered, CadenceEntered)
    assert entered.team == team


@whatever(
    some.builds(
        Features,
        source=some.sampled_from(("shopify", "web")),
        language=some.sampled_from(("de", "en", None)),
        region=some.sampled_from(("BE", None)),
    )
)
def test_every_lead_is_in_a_team_that_the_playbook_knows(features: Features) -> None:
    assert routed().team_for(features) in {"inbound", "dach", "shop"}
    assert PLAYBOOK.team_for(features) == "inbound"


def test_a_playbook_without_teams_keeps_its_bytes() -> None:
    assert "teams" not in PLAYBOOK.content
    assert "routing" not in PLAYBOOK.content
    assert "language" not in Features(source="web").model_dump_json()


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("routing: [{when: {language: de}, team: dahc}]\n", "no such team"),
        ("routing: [{when: {language: german}, team: inbound}]\n", "language"),
        ("routing: [{team: inbound}]\n", "when"),
        ("teams: [{name: a}, {name: a}]\n", "name a is used twice"),
        ("teams: [{name: a, new_leads_a_day: 0}]\n", "new_leads_a_day"),
    ],
)
def test_what_is_no_such_thing_is_refused_by_its_place(part: str, said: str) -> None:
    with pytest.raises(PlaybookError) as refused:
        from_yaml(TEXT + part, "x.yaml")
    assert said in str(refused.value)


def test_a_difference_tells_rules_by_whom_they_take_and_teams_by_name() -> None:
    first, *rest = ROUTING
    new = routed(routing=[*rest, first], teams=[TEAMS[0] | {"new_leads_a_day": 50}, TEAMS[1]])
    told = changes(routed(), new)
    assert Change("team dach", "new_leads_a_day", 200, 50) in told
    assert [(one.part, one.key) for one in told if one.part == "routing"] == [("routing", "order")]


@pytest.mark.parametrize("places", [0, 21, "two"])
def test_a_rep_holds_one_lead_or_a_few(places: object) -> None:
    with pytest.raises(ValueError, match="open_claims_per_rep"):
        routed(teams=[{"name": "dach", "open_claims_per_rep": places}])
