"""However many things are wrong in a playbook, and wherever: all of them are told at once."""

import contextlib
import copy
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from engagement.playbook.checking import Wrong, checked
from engagement.playbook.faults import Fault, faults_of
from tests.unit.playbook.seed import TEXT

CALL = {"channel": "call", "activity": "Call"}


def book(**changed: Any) -> dict[str, Any]:
    known: dict[str, Any] = yaml.safe_load(TEXT)
    return known | changed


def cadence(*steps: dict[str, Any], name: str = "nine-in-eighteen", **more: Any) -> dict[str, Any]:
    return {"name": name, "steps": [*steps], **more}


def faults(data: object) -> tuple[Fault, ...]:
    with pytest.raises(Wrong) as wrong:
        checked(data)
    return faults_of(wrong.value.details, "book.yaml", {(): 1})


def paths(data: object) -> set[str]:
    return {fault.path for fault in faults(data)}


SEVEN = book(
    entry=[{"cadence": "ten"}],
    cadences=[
        cadence(
            {"day": 1, **CALL},
            {"day": 2, "at": "08:00", **CALL},
            {"day": 3, "at": "08:30", **CALL},
            {"day": 4, "at": "16:30", **CALL},
        )
    ],
    rulesets=[{"name": "ours", "cadences": ["eleven"]}],
    routing=[{"when": {"source": "shop"}, "team": "outbound"}],
    results=[
        {"code": "A", "label": "A", "action": "next-touch"},
        {"code": "A", "label": "B", "action": "close"},
    ],
)
TOLD = {
    "entry[0].cadence",
    "cadences[0].steps[1]",
    "cadences[0].steps[2]",
    "cadences[0].steps[3]",
    "rulesets[0].cadences",
    "routing[0].team",
    "results[1].code",
}


def test_seven_faults_of_the_whole_are_told_as_seven() -> None:
    assert paths(SEVEN) == TOLD


HIDING: list[tuple[dict[str, Any], set[str]]] = [
    ({"speed_to_lead_minutes": 0}, {"speed_to_lead_minutes"}),
    ({"parts": {"morning": "9"}}, {"parts.morning"}),
    ({"tame": "x"}, {"tame"}),
    ({"teams": [{"name": ""}]}, {"teams[0].name"}),
    ({"picking": False}, {"picking"}),
    ({"experiments": [{"name": "e", "arms": []}]}, {"experiments[0].arms"}),
]


@pytest.mark.parametrize(("wrong", "told"), HIDING, ids=[next(iter(one)) for one, _ in HIDING])
def test_a_wrong_value_hides_none_of_them(wrong: dict[str, Any], told: set[str]) -> None:
    assert paths(SEVEN | wrong) == TOLD | told


def test_all_of_them_at_once() -> None:
    every: dict[str, Any] = {}
    for wrong, _ in HIDING:
        every |= wrong
    assert paths(SEVEN | every) == TOLD.union(*(told for _, told in HIDING))


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"day": 2, **CALL, "kind": "fax"}, "cadences[0].steps[0].kind"),
        ({"day": 0, **CALL}, "cadences[0].steps[0].day"),
        ({**CALL}, "cadences[0].steps[0]"),
        ({"day": 1, "channel": "fax", "activity": "x"}, "cadences[0].steps[0].channel"),
        ({"day": 1, "channel": "email"}, "cadences[0].steps[0].activity"),
        ("call", "cadences[0].steps[0]"),
    ],
)
def test_a_wrong_step_hides_no_fault_of_another_and_makes_none(wrong: Any, told: str) -> None:
    rest = (
        {"day": 2, "channel": "email", "activity": "x"},
        {"with_previous": True, **CALL},
        {"day": 4, "channel": "email", "activity": "x", "only_if": {"opened": True}},
        {"day": 3, **CALL},
        {"day": 5, "at": "08:00", **CALL},
    )
    found = paths(book(cadences=[cadence(wrong, *rest)]))
    assert found == {told, "cadences[0].steps[4].day", "cadences[0].steps[5]"}


def test_a_step_tells_all_that_is_wrong_with_it() -> None:
    step = {"day": 1, "after": {"days": 1}, "at": "10:00", "part": "morning", **CALL}
    twice = {**step, "kind": "inmail", "template": "hello"}
    assert {path.rpartition(".")[2] for path in paths(book(cadences=[cadence(twice)]))} == {
        "after", "at", "kind", "template",
    }  # fmt: skip


def test_nothing_is_told_of_what_stands_in_for_the_wrong() -> None:
    """A cadence whose name is wrong is no other one's fault, and neither is its ruleset."""
    wrong = cadence({"day": 1, **CALL}, name="Nine")
    right = cadence({"day": 1, **CALL}, name="ten")
    named = book(cadences=[wrong, right], entry=[{"cadence": "eleven"}])
    found = {fault.path: fault for fault in faults(named)}
    assert {*found} == {"cadences[0].name", "entry[0].cadence"}
    assert found["entry[0].cadence"].fix == "use one of: ten"


def test_what_refers_to_the_only_cadence_is_not_told_that_its_name_is_wrong() -> None:
    assert paths(book(cadences=[cadence({"day": 1, **CALL}, name="Nine")])) == {"cadences[0].name"}


def test_a_step_of_a_wrong_kind_is_still_told_that_its_time_is_wrong() -> None:
    step = {"day": 1, "at": "08:00", "kind": "fax", **CALL}
    assert paths(book(cadences=[cadence(step)])) == {
        "cadences[0].steps[0]",
        "cadences[0].steps[0].kind",
    }


def test_a_block_tells_a_fault_once_however_often_it_is_taken() -> None:
    block = {"repeat": {"times": 4, "gap_days": 1}, "steps": [{"day": 1, "at": "08:00", **CALL}]}
    assert [one.path for one in faults(book(cadences=[cadence(block)]))] == [
        "cadences[0].steps[0].steps[0]"
    ]


@pytest.mark.parametrize("other", [{}, {"at": "10:00"}])
def test_the_same_touch_twice_at_one_moment_is_refused(other: dict[str, Any]) -> None:
    turn = {"day": 1, **other} if other else {"with_previous": True}
    twice = cadence(
        {"day": 1, "kind": "ghost", **CALL, **other}, {**turn, "kind": "ghost", **CALL}
    )
    (fault,) = faults(book(cadences=[twice]))
    assert fault.path == "cadences[0].steps[1]"
    assert fault.rule == "a second call of kind ghost at the same moment"


@pytest.mark.parametrize(
    ("time", "when"),
    [
        ({"part": "morning"}, "in the same morning"),
        ({"hours": "10:00-12:00"}, "in the same hours"),
        ({"at": "10:00"}, "at the same moment"),
    ],
)
def test_a_second_call_at_one_time_is_refused_whatever_its_kind(
    time: dict[str, Any], when: str
) -> None:
    calls = {"kind": "voicemail", **CALL}, {"kind": "ghost", **CALL, "activity": "Again"}
    twice = cadence(*({"day": 1, **time, **one} for one in calls))
    (fault,) = faults(book(cadences=[twice]))
    assert fault.path == "cadences[0].steps[1]"
    assert fault.rule == f"a second call of kind ghost {when}"
    assert "differ in channel, time or" in fault.fix


def test_a_second_mail_of_one_kind_in_one_part_of_the_day_is_refused() -> None:
    mail = {
        "day": 1,
        "part": "morning",
        "channel": "email",
        "kind": "manual",
        "activity": "E-mail",
    }
    (fault,) = faults(book(cadences=[cadence(mail, mail)]))
    assert fault.rule == "a second email of kind manual in the same morning"
    assert "differ in channel, kind, time or" in fault.fix
    checked(book(cadences=[cadence(mail, {**mail, "kind": "automated"})]))


def test_a_call_may_follow_another_one_at_once_where_it_says_so() -> None:
    first = {"day": 1, "part": "morning", "kind": "ghost", **CALL}
    checked(book(cadences=[cadence(first, {"with_previous": True, "kind": "voicemail", **CALL})]))


@pytest.mark.parametrize(
    "second",
    [
        {"with_previous": True, "channel": "email", "activity": "E-mail"},
        {"with_previous": True, "kind": "voicemail", **CALL},
        {"with_previous": True, **CALL, "only_if": {"source": "shop"}},
        {"day": 1, **CALL},
    ],
)
def test_two_touches_that_differ_or_follow_each_other_are_none(second: dict[str, Any]) -> None:
    checked(book(cadences=[cadence({"day": 1, **CALL}, second)]))


JUNK: st.SearchStrategy[Any] = (
    st.none()
    | st.booleans()
    | st.integers(-9, 9)
    | st.text(max_size=3)
    | st.just([])
    | st.just({})
)


@given(data=st.data())
def test_whatever_is_spoilt_it_is_told_and_nothing_breaks(data: st.DataObject) -> None:
    """Some values, anywhere in a rich playbook, are overwritten with anything."""
    wrong = {key: value for key, value in SEVEN.items() if data.draw(st.booleans())}
    known = copy.deepcopy(book(**wrong))
    for _ in range(data.draw(st.integers(1, 4))):
        _spoil(known, data)
    with contextlib.suppress(Wrong):
        checked(known)


def _spoil(part: Any, data: st.DataObject) -> None:
    keys = [*part] if isinstance(part, dict) else range(len(part))
    if not keys:
        return
    key = data.draw(st.sampled_from(keys))
    inner = part[key]
    if isinstance(inner, dict | list) and data.draw(st.booleans()):
        _spoil(inner, data)
    else:
        part[key] = data.draw(JUNK)
