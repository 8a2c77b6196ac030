"""What a ruleset says: who comes in again, what a reply or a bounce leads to, and consent."""

import pytest
from msgspec.structs import replace

from engagement.playbook import Playbook
from schemas.events.plan import TouchSkipped
from tests.unit.cadence.facts import (
    at,
    created,
    enrolment,
    opted_out,
    plan,
    published,
    removed,
    replied,
    ruled,
    touched,
)
from tests.unit.cadence.rulesets import AGAIN, ENTRY, FIRST, under
from tests.unit.cadence.spec import given

CLOSING = (
    {"code": "WRONG", "label": "Wrong number", "action": "close", "exit": "bad-data"},
    {"code": "NOTYET", "label": "Next year", "action": "close", "exit": "contact-later"},
    {"code": "NO", "label": "Closed", "action": "close"},
)


def test_a_lead_may_start_anew_while_its_cadence_runs_where_that_is_allowed() -> None:
    history = under(re_entry="allow")
    anew = history.when(AGAIN)
    assert anew.types == ["touch-withdrawn", "cadence-ended", "cadence-entered", "touch-planned"]
    ended = anew.facts[1]
    assert (ended.reason, ended.exit) == ("closed", "re-entered")  # type: ignore[attr-defined]
    assert anew.planned.enrolment_id == enrolment(AGAIN)
    history.when(AGAIN).then_nothing()
    history.when(ENTRY).then_nothing()


def test_a_lead_created_that_is_accepted_again_after_a_restore_starts_nothing_anew() -> None:
    later = ENTRY.data.model_copy(update={"recorded_at": at("03-05 11:00")})
    under(re_entry="allow").when(replace(ENTRY, data=later)).then_nothing()


def test_a_lead_that_no_step_may_touch_does_not_start_anew() -> None:
    again = created("03-05 11:00", call="denied", email="denied", social="denied")
    under(re_entry="allow").when(again).then_nothing()


def test_a_cadence_that_takes_nobody_back_does_not_end_the_one_that_runs() -> None:
    history = under(re_entry="allow")
    history.hears(published(ruled(re_entry="refuse")))
    history.when(AGAIN).then_nothing()


def test_a_lead_is_not_taken_back_where_that_is_refused() -> None:
    history = under(re_entry="refuse")
    history.hears(replied("03-04 09:00"))
    history.when(AGAIN).then_kept_out("re_entry: refuse")
    history.when(AGAIN).then_nothing()
    history.when(ENTRY).then_nothing()


@pytest.mark.parametrize(("code", "returns"), [("ENOUGH", False), ("NOTNOW", True)])
def test_a_lead_is_not_taken_back_after_certain_exits(code: str, returns: bool) -> None:
    history = under(stay_out_after=["stopped-trying"])
    history.hears(touched("03-03 10:03", FIRST, code))
    then = history.when(AGAIN)
    if returns:
        assert then.types == ["cadence-entered", "touch-planned"]
    else:
        then.then_kept_out("stay_out_after: stopped-trying")


@pytest.mark.parametrize(("code", "returns"), [("WRONG", False), ("NOTYET", True), ("NO", True)])
def test_a_lead_is_not_taken_back_after_it_was_closed_as_certain_things(
    code: str, returns: bool
) -> None:
    known = ruled(stay_out_after=["bad-data"]).model_dump(mode="json", exclude_none=True)
    known["results"] += CLOSING
    history = given(published(Playbook.model_validate(known)), ENTRY)
    ended = history.when(touched("03-03 10:03", FIRST, code)).ended
    exits = {one["code"]: one.get("exit") for one in CLOSING}
    assert (ended.reason, ended.exit, ended.closed_as) == ("closed", None, exits[code])
    then = history.when(AGAIN)
    if returns:
        assert then.types == ["cadence-entered", "touch-planned"]
    else:
        then.then_kept_out("stay_out_after: bad-data")


def test_closed_stands_for_closed_as_anything() -> None:
    for closed in (touched("03-03 10:03", FIRST, "NOTNOW"), removed("03-03 10:03")):
        history = under(stay_out_after=["closed"])
        history.hears(closed)
        history.when(AGAIN).then_kept_out("stay_out_after: closed")


def test_an_opt_out_from_one_channel_may_end_the_cadence() -> None:
    then = under(opted_out="finish").when(opted_out("03-03 10:30", "sms"))
    assert then.types == ["touch-withdrawn", "cadence-ended"]
    assert then.ended.reason == "opted-out"


@pytest.mark.parametrize("rules", [{}, {"opted_out": "skip-channel"}])
def test_an_opt_out_from_one_channel_is_passed_over_where_no_step_is_open_on_it(
    rules: dict[str, str],
) -> None:
    under(**rules).when(opted_out("03-03 10:30", "sms")).then_nothing()


def test_a_channel_that_the_lead_denied_is_skipped_under_any_playbook() -> None:
    entry = created("03-03 10:00", call="denied")
    then = given(published()).when(entry)
    assert then.types == ["cadence-entered", "touch-skipped", "touch-planned"]
    assert then.planned.channel == "email"


def test_a_required_consent_that_nobody_gave_is_as_good_as_denied() -> None:
    entry = created("03-03 10:00", call="granted", social="denied")
    history = given(published(ruled(require_consent=["call", "email"])), entry)
    then = history.when(touched("03-03 10:03", plan(entry, 1)))
    rules = [(one.step, one.rule) for one in then.facts if isinstance(one, TouchSkipped)]
    assert rules == [(2, "consent-unknown")]
    then = history.when(touched("03-05 10:03", plan(entry, 3)))
    rules = [(one.step, one.rule) for one in then.facts if isinstance(one, TouchSkipped)]
    assert rules == [(4, "consent-denied"), (5, "consent-unknown")]


def test_steps_skipped_up_to_the_end_are_told_before_it() -> None:
    entry = created("03-03 10:00", email="denied")
    history = given(published(ruled()), entry)
    for step in (1, 3, 4, 6, 7):
        history.hears(touched("03-20 10:00", plan(entry, step)))
    then = history.when(touched("03-28 10:00", plan(entry, 8)))
    assert then.types == ["touch-skipped", "cadence-ended"]
    assert then.ended.reason == "exhausted"


def test_the_cadence_that_it_would_enter_says_whether_a_running_lead_starts_anew() -> None:
    taking, closing = {"re_entry": "allow"}, {"re_entry": "only-if-inactive"}
    for here, there, starts in ((closing, taking, True), (taking, closing, False)):
        history = given(published(_two_cadences(here, there)), ENTRY)
        assert bool(history.when(created("03-05 11:00", source="shop")).facts) == starts


def _two_cadences(here: dict[str, str], there: dict[str, str]) -> Playbook:
    """Leads of the shop enter another cadence than all others."""
    known = ruled().model_dump(mode="json", exclude_none=True)
    (one,) = known["cadences"]
    known["cadences"].append(one | {"name": "shop"})
    known["entry"].insert(0, {"when": {"source": "shop"}, "cadence": "shop"})
    known["rulesets"] = [
        {"name": "here", "cadences": [one["name"]], **here},
        {"name": "there", "cadences": ["shop"], **there},
    ]
    return Playbook.model_validate(known)
