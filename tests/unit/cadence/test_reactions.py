"""What a ruleset has a cadence do when the lead answers, is away, or cannot be reached."""

import pytest

from engagement.cadence.facts import Cause
from schemas.events.plan import TouchSkipped
from tests.unit.cadence.facts import (
    LEAD,
    at,
    away,
    bounced,
    colleague_replied,
    consented,
    created,
    enrolment,
    met,
    opted_out,
    plan,
    published,
    replied,
    ruled,
    touched,
)
from tests.unit.cadence.rulesets import AGAIN, ENTRY, FIRST, under
from tests.unit.cadence.spec import given


@pytest.mark.parametrize("fact", [replied("03-03 11:00", "call"), met("03-03 11:00")])
def test_what_lets_the_cadence_continue_changes_nothing(fact: Cause) -> None:
    under(reply="continue", meeting_booked="continue").when(fact).then_nothing()


def test_a_reply_elsewhere_is_one_on_a_channel_that_no_step_has_used_yet() -> None:
    history = under(reply_elsewhere="continue")
    history.when(replied("03-03 11:00", "email")).then_nothing()
    assert history.when(replied("03-03 11:01", "call")).ended.reason == "replied"


def test_a_reply_may_pause_the_cadence() -> None:
    history = under(reply="pause 2 days")
    planned = history.when(replied("03-03 11:00", "call")).planned
    assert (planned.attempt, planned.not_before) == (2, at("03-05 11:00"))
    assert planned.moved_from == at("03-03 11:00")
    history.when(replied("03-03 11:00", "call")).then_nothing()


def test_a_colleagues_reply_changes_nothing_unless_the_ruleset_says_so() -> None:
    under().when(colleague_replied("03-03 11:00")).then_nothing()
    under(reply_colleague="continue").when(colleague_replied("03-03 11:00")).then_nothing()


def test_a_colleagues_reply_may_end_the_cadence() -> None:
    ended = under(reply_colleague="finish").when(colleague_replied("03-03 11:00")).ended
    assert ended.reason == "replied"


def test_a_colleagues_reply_may_pause_the_cadence() -> None:
    history = under(reply_colleague="pause 2 days", reply="finish")
    planned = history.when(colleague_replied("03-03 11:00", "call")).planned
    assert (planned.attempt, planned.not_before) == (2, at("03-05 11:00"))


@pytest.mark.parametrize(
    ("returns", "opens"),
    [
        (None, "03-06 11:00"),  # three days, as the default says
        ("03-12 00:00", "03-12 09:00"),
        ("06-01 00:00", "04-02 11:00"),  # not longer than thirty days
    ],
)
def test_out_of_office_waits_for_the_return(returns: str | None, opens: str) -> None:
    assert under().when(away("03-03 11:00", returns)).planned.not_before == at(opens)


def test_out_of_office_may_end_the_cadence_and_the_exit_says_it_was_no_person() -> None:
    ended = under(out_of_office="finish").when(away("03-03 11:00")).ended
    assert (ended.reason, ended.exit) == ("replied", "out-of-office")


def test_a_bounce_skips_its_channel_and_says_which_step() -> None:
    history = under()
    history.hears(touched("03-03 10:03", FIRST))
    then = history.when(bounced("03-03 10:30"))
    skipped = TouchSkipped(
        lead_id=LEAD,
        occurred_at=at("03-03 10:30"),
        recorded_at=at("03-03 10:30"),
        enrolment_id=enrolment(ENTRY),
        step=2,
        channel="email",
        rule="bounced",
        playbook_digest=ruled().digest,
        local_time="2025-03-03T10:30+00:00",
        time_zone="Etc/UTC",
    )
    assert then.facts[0] == skipped
    assert (then.planned.step, then.planned.channel) == (3, "call")
    history.when(bounced("03-03 10:30")).then_nothing()


def test_a_bounce_of_a_denied_channel_closes_it_for_good() -> None:
    entry = created("03-03 10:00", email="denied")
    history = given(published(ruled()), entry)
    history.hears(bounced("03-03 10:01", "email"), consented("03-03 10:02", "email"))
    skipped = history.when(touched("03-03 10:03", plan(entry, 1))).facts[0]
    assert isinstance(skipped, TouchSkipped)
    assert (skipped.channel, skipped.rule) == ("email", "bounced")


def test_a_bounce_of_a_later_channel_skips_its_steps_when_their_turn_comes() -> None:
    history = under()
    history.when(bounced("03-03 10:01", "email")).then_nothing()
    then = history.when(touched("03-03 10:03", FIRST))
    assert then.types == ["touch-skipped", "touch-planned"]


def test_a_bounce_of_the_last_open_channel_ends_the_cadence() -> None:
    history = under()
    history.hears(opted_out("03-03 10:01", "email"), opted_out("03-03 10:01", "social"))
    then = history.when(bounced("03-03 10:02", "call"))
    assert then.types == ["touch-skipped"] * 9 + ["touch-withdrawn", "cadence-ended"]
    assert (then.ended.reason, then.ended.exit) == ("exhausted", "bounced")


def test_a_bounce_may_end_the_cadence() -> None:
    ended = under(bounced="finish").when(bounced("03-03 10:30", "sms")).ended
    assert (ended.reason, ended.exit) == ("closed", "bounced")


def test_a_channel_that_bounced_is_skipped_after_a_new_entry_too() -> None:
    history = under()
    history.hears(bounced("03-03 10:01"), replied("03-03 11:00"), bounced("03-04 10:00", "social"))
    history.hears(AGAIN)
    then = history.when(touched("03-05 11:05", plan(AGAIN, 1)))
    assert then.types == ["touch-skipped", "touch-planned"]
    assert (then.planned.step, then.planned.channel) == (3, "call")
    then = history.when(touched("03-07 11:05", plan(AGAIN, 3)))
    skipped = [(one.step, one.rule) for one in then.facts if isinstance(one, TouchSkipped)]
    assert skipped == [(4, "bounced"), (5, "bounced")]


def test_a_channel_that_bounced_before_the_lead_came_in_is_skipped() -> None:
    history = given(published(ruled()), bounced("03-02 10:00", "call"))
    then = history.when(ENTRY)
    assert then.types == ["cadence-entered", "touch-skipped", "touch-planned"]


@pytest.mark.parametrize(
    ("rules", "opens"),
    [
        ({"out_of_office": "pause", "out_of_office_most_days": 5}, "03-10 09:00"),
        ({"out_of_office": "pause"}, "04-02 11:00"),
        ({"out_of_office": "pause 5 days", "out_of_office_most_days": 5}, "03-10 09:00"),
    ],
)
def test_a_machines_answer_pauses_no_longer_than_the_longest_absence(
    rules: dict[str, object], opens: str
) -> None:
    assert under(**rules).when(away("03-03 11:00")).planned.not_before == at(opens)
