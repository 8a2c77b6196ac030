"""A callback is promised where the lead was told its moment; otherwise every rule holds for it."""

from engagement.cadence.facts import Cause
from engagement.playbook import Playbook
from tests.unit.cadence.facts import (
    PLAYBOOK,
    RESULTS,
    asked,
    at,
    opted_out,
    paused,
    published,
    resumed,
    touched,
)
from tests.unit.cadence.facts import plan as plan_id
from tests.unit.cadence.spec import Given, given
from tests.unit.cadence.test_calendar_keys import lead

NEW_YORK = "America/New_York"
ENTRY = lead("03-03 20:00", NEW_YORK, "US-NY")
FIRST = plan_id(ENTRY, 1)


def lawful(**rules: object) -> Playbook:
    known = PLAYBOOK.model_dump(mode="json", exclude_none=True)
    known["results"] += RESULTS
    known["calendar"]["calling_rules"] = "us-states"
    known["rulesets"] = [{"name": "all", **rules}]
    return Playbook.model_validate(known)


def entered(**rules: object) -> Given:
    return given(published(lawful(**rules)), ENTRY)


def later(when: str, callback: str | None = None) -> Cause:
    return touched(when, FIRST, "LATER", callback=callback)


def test_a_code_alone_promises_no_call_at_night() -> None:
    call = entered().when(later("03-04 01:30")).planned  # 20:30 there; four hours on it is 00:30
    assert (call.again, call.channel, call.for_rep) == ("callback", "call", "ana")
    assert (call.not_before, call.due_at) == (at("03-04 14:00"), at("03-04 14:05"))
    assert call.allowed_by == "hours: 09:00-17:00"


def test_it_is_given_up_when_the_next_full_day_closes_and_closed_in_the_night_between() -> None:
    call = entered().when(later("03-03 20:05")).planned
    assert call.open_hours is not None
    told = [(one.opens_at, one.closes_at) for one in call.open_hours]
    assert told == [
        (at("03-04 14:00"), at("03-04 22:00")),
        (at("03-05 14:00"), at("03-05 22:00")),
    ]
    assert call.lapses_at == at("03-05 22:00")


def test_it_waits_for_the_end_of_a_pause_and_for_caps() -> None:
    history = entered(caps={"call": {"per_day": 1}})
    history.hears(paused("03-03 20:01", "03-07 15:00"))
    call = history.when(later("03-03 20:05")).planned
    assert call.not_before == at("03-07 15:00")
    capped = entered(caps={"gap_minutes": 3_000}).when(later("03-03 20:05")).planned
    assert capped.not_before == at("03-06 14:00")


def test_a_moment_that_the_lead_was_told_is_kept_whatever_holds() -> None:
    history = entered(caps={"gap_minutes": 3_000})
    history.hears(paused("03-03 20:01", "03-07 15:00"))
    call = history.when(later("03-03 20:05", "03-04 03:30")).planned
    assert (call.not_before, call.allowed_by) == (
        at("03-04 03:30"),
        "callback: at the promised moment",
    )


def test_a_cap_moves_an_open_callback_only_where_it_was_not_promised() -> None:
    call = touched("03-05 20:06", None)
    promised, planned = (entered(caps={"gap_minutes": 3_000}) for _ in range(2))
    promised.hears(later("03-03 20:05", "03-06 15:00"))
    promised.when(call).then_nothing()
    planned.hears(later("03-03 20:05"))
    assert planned.when(call).planned.not_before > at("03-07 22:06")


def test_a_lead_that_asks_at_night_is_called_when_the_law_allows_it() -> None:
    call = entered().when(asked("03-04 08:00")).planned  # three in the morning there
    assert (call.not_before, call.due_at) == (at("03-04 13:00"), at("03-04 13:05"))
    history = entered()
    history.hears(asked("03-04 08:00"))
    history.when(asked("03-04 08:00")).then_nothing()
    assert history.when(asked("03-04 08:01", "03-04 09:00")).planned.not_before == at(
        "03-04 09:00"
    )


def test_a_lead_that_asks_for_the_moment_of_a_planned_callback_is_promised_it() -> None:
    history = entered()
    history.hears(later("03-04 01:30"))
    call = history.when(asked("03-04 10:00", "03-04 14:00")).planned
    assert (call.not_before, call.allowed_by) == (
        at("03-04 14:00"),
        "callback: at the promised moment",
    )
    history = entered()
    history.hears(later("03-04 01:30"), asked("03-04 10:00", "03-04 14:00"))
    history.when(asked("03-04 10:01", "03-04 14:00")).then_nothing()


def test_a_promise_whose_time_has_passed_in_a_pause_is_kept_in_hours() -> None:
    history = entered()
    history.hears(later("03-03 20:05", "03-04 15:00"), paused("03-03 20:06"))
    assert history.when(resumed("03-04 14:30")).planned.not_before == at("03-04 15:00")
    history = entered()
    history.hears(later("03-03 20:05", "03-04 15:00"), paused("03-03 20:06"))
    assert history.when(resumed("03-05 03:00")).planned.not_before == at("03-05 14:00")


def test_a_threshold_ends_what_was_not_promised() -> None:
    known = lawful().model_dump(mode="json", exclude_none=True)
    known["cadences"][0]["until"] = {"attempts": 1}
    rules = Playbook.model_validate(known)
    assert given(published(rules), ENTRY).when(later("03-03 20:05")).ended.threshold == "attempts"
    told = given(published(rules), ENTRY).when(later("03-03 20:05", "03-04 15:00"))
    assert told.planned.again == "callback"


def test_no_call_is_promised_on_a_closed_channel() -> None:
    history = entered()
    history.hears(opted_out("03-03 20:01", "call"))
    history.when(asked("03-03 20:02")).then_nothing()


def test_a_step_whose_channel_closed_is_not_taken_again_after_a_call_in_its_place() -> None:
    history = entered()
    mail = history.when(touched("03-03 20:05", FIRST)).planned
    call = history.when(asked("03-03 20:06", "03-04 15:00")).planned
    assert (mail.channel, call.step) == ("email", mail.step)
    history.hears(opted_out("03-03 20:07", "email"))
    after = history.when(touched("03-04 15:01", call.plan_id, "BUSY")).planned
    assert (after.step, after.channel) == (mail.step + 1, "call")
