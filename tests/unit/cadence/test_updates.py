"""What a source tells of a lead anew: other steps are for it, and other windows hold."""

from typing import Any

import pytest

from engagement.cadence.facts import Cause
from tests.unit.cadence.facts import (
    asked,
    at,
    created,
    paused,
    plan,
    published,
    resumed,
    retold,
    touched,
)
from tests.unit.cadence.spec import given
from tests.unit.cadence.updates import (
    BERLIN,
    ENTRY,
    NEW_YORK,
    TOKYO,
    book,
    on_the_third_day,
    state,
)


@pytest.mark.parametrize(
    ("zone", "opens", "closes"),
    [
        (TOKYO, "03-05 00:00", "03-05 08:00"),
        (NEW_YORK, "03-05 14:00", "03-05 22:00"),
    ],
)
def test_a_touch_yet_to_come_is_made_on_its_day_by_the_clock_where_the_lead_is(
    zone: str, opens: str, closes: str
) -> None:
    then = on_the_third_day().when(retold("03-04 12:00", time_zone=zone))

    assert then.types == ["enrolment-updated", "touch-planned"]
    assert (then.planned.not_before, then.planned.lapses_at) == (at(opens), at(closes))
    assert then.planned.corrects == plan(ENTRY, 3)
    assert then.planned.plan_id == plan(ENTRY, 3, 2)
    assert (then.planned.time_zone, then.planned.zone_source) == (zone, "given")


def test_a_touch_whose_day_is_over_there_comes_on_the_next() -> None:
    then = on_the_third_day().when(retold("03-05 09:00", time_zone="Pacific/Auckland"))

    assert then.planned.not_before == at("03-05 20:00")


def test_a_zone_with_the_same_windows_leaves_the_plan_as_it_is() -> None:
    history = on_the_third_day()

    assert history.when(retold("03-04 12:00", time_zone="Europe/Paris")).types == [
        "enrolment-updated"
    ]
    assert state(history).enrolment.time_zone == "Europe/Paris"


def test_a_first_touch_that_is_open_stays_open_while_the_law_lets_it() -> None:
    history = given(published(), ENTRY)
    then = history.when(retold("03-03 10:30", time_zone=NEW_YORK))

    assert then.planned.not_before == at("03-03 10:30")
    assert then.planned.lapses_at == at("03-04 22:00")


def test_a_first_touch_waits_for_lawful_hours_where_the_lead_turns_out_to_be() -> None:
    lawful = book(calendar={"calling_rules": "us-states"})
    history = given(published(lawful), created("03-03 10:00", BERLIN))
    then = history.when(retold("03-03 10:30", time_zone=NEW_YORK, country="US", region="NY"))

    assert then.planned.not_before == at("03-03 13:00")  # eight o'clock there


def test_a_state_s_calling_hours_hold_as_soon_as_it_is_known() -> None:
    lawful = book(calendar={"calling_rules": "us-states", "hours": "08:00-21:00"})
    entry = created("03-03 16:00", NEW_YORK)
    history = given(published(lawful), entry, touched("03-03 16:01", plan(entry, 1)))
    history.hears(touched("03-03 16:02", plan(entry, 2), channel="email"))
    then = history.when(retold("03-04 12:00", country="US", region="FL"))

    assert then.planned.lapses_at == at("03-06 01:00")  # eight in the evening, not nine
    assert then.planned.time_zone == NEW_YORK


@pytest.mark.parametrize(
    ("known", "told", "zone"),
    [
        ("given", {"country": "DE", "time_zone": BERLIN, "zone_source": "country"}, TOKYO),
        ("given", {"time_zone": BERLIN, "zone_source": "phone"}, TOKYO),
        ("given", {"time_zone": BERLIN}, BERLIN),
        ("phone", {"time_zone": BERLIN, "zone_source": "phone"}, BERLIN),
        ("country", {"time_zone": BERLIN, "zone_source": "phone"}, BERLIN),
    ],
)
def test_a_zone_gives_way_to_one_as_well_founded(
    known: str, told: dict[str, str], zone: str
) -> None:
    entry = created("03-03 10:00", TOKYO)
    source = None if known == "given" else known
    features = entry.data.features.model_copy(update={"zone_source": source})  # type: ignore[attr-defined]
    entry = Cause(entry.envelope, entry.data.model_copy(update={"features": features}))
    history = given(published(), entry, retold("03-04 12:00", **told))

    assert state(history).enrolment.time_zone == zone


def test_a_lead_in_another_country_has_no_zone_of_the_old_one() -> None:
    keeping = book(calendar={"holidays": ["lead"], "infer_zone": True})
    history = given(published(keeping), created("03-03 10:00", BERLIN))
    history.hears(retold("03-04 12:00", country="DE"), retold("03-04 12:01", country="JP"))

    assert state(history).enrolment.time_zone == TOKYO
    assert state(history).zone_source == "country"


def test_a_promised_call_is_kept_at_its_moment() -> None:
    history = on_the_third_day()
    history.hears(asked("03-04 10:00", "03-06 13:00"))

    assert history.when(retold("03-04 12:00", time_zone=TOKYO)).types == ["enrolment-updated"]


def test_a_tool_that_was_asked_already_is_not_asked_again() -> None:
    automated = book({2: {"kind": "automated"}})
    history = given(published(automated), ENTRY, touched("03-03 10:01", plan(ENTRY, 1)))

    assert history.when(retold("03-03 10:05", time_zone=TOKYO)).types == ["enrolment-updated"]


def test_a_touch_of_the_plan_that_was_corrected_still_answers_the_step() -> None:
    history = on_the_third_day()
    history.hears(retold("03-04 12:00", time_zone=TOKYO))

    then = history.when(touched("03-05 09:00", plan(ENTRY, 3)))

    assert then.planned.step == 4


def test_a_paused_lead_goes_on_where_it_is_by_then() -> None:
    history = on_the_third_day()
    history.hears(paused("03-04 10:00"), retold("03-04 12:00", time_zone=TOKYO))

    assert history.when(resumed("03-04 13:00")).planned.time_zone == TOKYO


@pytest.mark.parametrize(
    ("condition", "told", "step"),
    [
        ({"country": "DE"}, {"country": "DE"}, 3),
        ({"country": "DE"}, {"country": "AT"}, 4),
        ({"country": "DE", "score_at_least": 60}, {"country": "DE"}, 4),
        ({"language": "de"}, {"language": "de"}, 3),
        ({"source": "shopify", "mail": "business"}, {"mail": "business"}, 3),
    ],
)
def test_later_steps_ask_what_the_lead_is_by_then(
    condition: dict[str, Any], told: dict[str, Any], step: int
) -> None:
    history = given(published(book({3: {"only_if": condition}})), ENTRY)
    history.hears(touched("03-03 10:01", plan(ENTRY, 1)), retold("03-03 10:02", **told))

    then = history.when(touched("03-03 10:03", plan(ENTRY, 2), channel="email"))

    assert then.planned.step == step


def test_an_open_touch_that_is_not_for_the_lead_any_more_is_replaced() -> None:
    history = on_the_third_day(book({3: {"only_if": {"source": "shopify", "score_at_least": 0}}}))
    assert history.when(retold("03-03 11:00", score=5)).types == ["enrolment-updated"]


def test_a_step_for_others_gives_way_to_the_next() -> None:
    asking = book({3: {"only_if": {"country": "DE"}}})
    entry = created("03-03 10:00", BERLIN)
    features = entry.data.features.model_copy(update={"country": "DE"})  # type: ignore[attr-defined]
    entry = Cause(entry.envelope, entry.data.model_copy(update={"features": features}))
    then = on_the_third_day(asking, entry).when(retold("03-04 12:00", country="FR"))

    assert then.types == ["enrolment-updated", "condition-failed", "touch-planned"]
    assert then.planned.step == 4
