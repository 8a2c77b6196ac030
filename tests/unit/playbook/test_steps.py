"""What a cadence may be: turns, times of the day, kinds, and blocks that are taken again."""

import pytest

from engagement.playbook import Cadence
from engagement.playbook.faults import Fault, PlaybookError
from engagement.playbook.reading import from_yaml
from engagement.playbook.step import KINDS
from tests.unit.playbook.seed import TEXT

FIRST = "{day: 1, channel: call, activity: Call}"


def book(*steps: str, more: str = "") -> str:
    """A playbook with these steps, each on its line."""
    before, _, rest = TEXT.partition("    steps:\n")
    after = rest[rest.index("results:") :]
    return f"{before}    steps:\n" + "".join(f"      - {step}\n" for step in steps) + after + more


def cadence(*steps: str) -> Cadence:
    """The cadence with these steps."""
    (known,) = from_yaml(book(*steps), "book.yaml").cadences
    return known


def fault(*steps: str, more: str = "") -> Fault:
    """The one thing wrong with these steps."""
    with pytest.raises(PlaybookError) as error:
        from_yaml(book(*steps, more=more), "book.yaml")
    (found,) = error.value.faults
    return found


def test_a_block_stands_for_its_steps_with_their_days_moved_on() -> None:
    repeated = (
        "{repeat: {times: 3, gap_days: 5}, steps: [{day: 1, channel: call, activity: Call},"
        " {with_previous: true, channel: email, activity: Mail},"
        " {day: 4, channel: call, activity: Call}]}"
    )
    known = cadence(repeated, "{day: 23, channel: email, activity: Goodbye}")
    days = [step.day for step in known.steps]
    assert days == [1, None, 4, 10, None, 13, 19, None, 22, 23]
    assert known.leaders == (0, 0, 2, 3, 3, 5, 6, 6, 8, 9)


def test_a_block_is_as_long_as_its_intervals_make_it() -> None:
    repeated = (
        "{repeat: {times: 2, gap_days: 0}, steps: [{day: 1, channel: call, activity: Call},"
        " {after: {hours: 23}, channel: call, activity: Call},"
        " {after: {minutes: 60}, channel: call, activity: Call},"
        " {after: {days: 2}, channel: call, activity: Call}]}"
    )
    assert [step.day for step in cadence(repeated).steps if step.day] == [1, 5]


def test_what_is_written_is_kept_and_its_digest_with_it() -> None:
    repeated = f"{{repeat: {{times: 2, gap_days: 5}}, steps: [{FIRST}]}}"
    at_ten = '{day: 9, at: "10:00", kind: ghost, channel: call, activity: Call}'
    playbook = from_yaml(book(repeated, at_ten), "x")
    again = type(playbook).from_content(playbook.content)
    assert again == playbook
    assert again.content == playbook.content
    assert '"repeat":{"gap_days":5,"times":2}' in playbook.content
    assert '"at":"10:00"' in playbook.content


def test_parts_of_the_day_are_the_playbooks_own_where_it_says() -> None:
    morning = "{day: 2, part: morning, channel: call, activity: Call}"
    step = cadence(FIRST, morning).steps[1]
    usual = from_yaml(book(FIRST, morning), "x")
    own = from_yaml(book(FIRST, morning, more='parts: {morning: "08:00-10:30"}\n'), "x")
    assert str(usual.hours_of(step)) == "09:00-12:00"
    assert str(own.hours_of(step)) == "09:00-10:30"  # the calendar opens at nine


def test_a_step_with_another_has_its_time_of_the_day() -> None:
    leader = '{day: 2, at: "10:00", channel: call, activity: Call}'
    playbook = from_yaml(
        book(FIRST, leader, "{with_previous: true, channel: email, activity: Mail}"), "x"
    )
    assert str(playbook.hours_of(playbook.cadences[0].steps[2])) == "10:00-17:00"
    assert playbook.content.count("10:00") == 1


@pytest.mark.parametrize(
    ("step", "path", "rule", "fix"),
    [
        ("{channel: call, activity: x}", "", "no turn", "day, after, with_previous"),
        ("{day: 2, after: {days: 1}, channel: call, activity: x}", "after", "twice", "after out"),
        ("{with_previous: no, channel: call, activity: x}", "with_previous", "known", "true"),
        ("{after: {days: 0}, channel: call, activity: x}", "after.days", "too small", "1 or"),
        ("{after: {}, channel: call, activity: x}", "after", "one length", "give one"),
        ("{after: {days: 1, hours: 1}, channel: call, activity: x}", "after", "one length", "one"),
        ("{after: {hours: 1, business: 2}, channel: call, activity: x}",
         "after.business", "neither", "true or false"),
        ("{after: {weeks: 1}, channel: call, activity: x}", "after.weeks", "unknown", "days, ho"),
        ('{day: 2, at: "10:00", part: morning, channel: call, activity: x}', "at", "twice", "at"),
        ('{day: 2, at: "10", channel: call, activity: x}', "at", "time of day", "quotes"),
        ('{day: 2, at: "25:00", channel: call, activity: x}', "at", "time of day", "quotes"),
        ("{day: 2, at: 600, channel: call, activity: x}", "at", "time of day", "quotes"),
        ('{day: 2, at: "16:30", channel: call, activity: x}', "", "no hour of 16:30", "longer"),
        ('{day: 2, at: "08:00", channel: call, activity: x}', "", "no hour of 08:00", "longer"),
        ("{day: 2, part: evening, channel: call, activity: x}", "part", "known", "'morning'"),
        ('{with_previous: true, at: "10:00", channel: call, activity: x}', "at", "before", "out"),
        ('{after: {hours: 2}, at: "10:00", channel: call, activity: x}', "at", "both", "days"),
        ("{day: 2, kind: inmail, channel: call, activity: x}", "kind", "kind of call", "ghost"),
        ("{day: 2, kind: fax, channel: call, activity: x}", "kind", "known words", "'ghost'"),
        ("{day: 2, template: hello, kind: manual, channel: email, activity: x}",
         "template", "people write", "automated"),
        ("{day: 2, chanel: call, activity: x}", "chanel", "unknown key", "repeat, steps"),
        ("{repeat: {times: 2, gap_days: 1}, steps: []}", "steps", "empty", "add one"),
        ("{repeat: {times: 1, gap_days: 1}, steps: [" + FIRST + "]}", "times", "small", "2"),
        ("{repeat: {times: 2}, steps: [" + FIRST + "]}", "repeat.gap_days", "missing", "add it"),
        ("{repeat: {times: 2, gap_days: -1}, steps: [" + FIRST + "]}", "gap_days", "small", "0"),
        ("{steps: [" + FIRST + "]}", "repeat", "missing", "add it"),
        ("{repeat: {times: 2, gap_days: 1}, steps: [{after: {days: 1}, channel: call,"
         " activity: x}]}", "steps[0]", "begins on a day", "give its first"),
        ("{repeat: {times: 200, gap_days: 0}, steps: [" + FIRST + "]}",
         "repeat.times", "more than 200 steps", "less often"),
        ("{repeat: {times: 20, gap_days: 30}, steps: [" + FIRST + "]}",
         "steps[0]", "is too late", "day 366"),
        ("a text", "", "not keys", "keys"),
    ],
)  # fmt: skip
def test_a_broken_rule_is_told_where_it_is_broken(
    step: str, path: str, rule: str, fix: str
) -> None:
    first = f"{FIRST[:-1]}, kind: voicemail}}"
    with pytest.raises(PlaybookError) as error:
        from_yaml(book(first, step), "book.yaml")
    found = next(one for one in error.value.faults if rule in one.rule)
    assert found.path.startswith("cadences[0].steps[1]")
    assert found.path.endswith(path)
    assert fix in found.fix
    assert step in book(first, step).splitlines()[found.line - 1]


@pytest.mark.parametrize(
    ("steps", "path", "rule"),
    [
        (["{with_previous: true, channel: call, activity: x}"], "[0]", "no step comes before"),
        ([FIRST, "{after: {hours: 2}, channel: call, activity: x}", FIRST], "[2].day", "be over"),
        ([FIRST, "{after: {days: 2}, channel: call, activity: x}",
          "{day: 2, channel: call, activity: x}"], "[2].day", "comes after day 3"),
        (["{day: 1, part: afternoon, channel: call, activity: x}",
          "{with_previous: true, channel: email, activity: x}",
          "{day: 1, part: morning, channel: call, activity: x}"], "[2]", "comes before"),
        ([FIRST] * 199 + ["{repeat: {times: 2, gap_days: 0}, steps: [" + FIRST + "]}"],
         "[199].repeat.times", "more than 200"),
    ],
)  # fmt: skip
def test_steps_that_contradict_each_other_are_refused(
    steps: list[str], path: str, rule: str
) -> None:
    found = fault(*steps)
    assert rule in found.rule
    assert found.path == f"cadences[0].steps{path}"


def test_a_part_that_the_calendar_does_not_open_in_is_refused() -> None:
    morning = "{day: 2, part: morning, channel: call, activity: Call}"
    found = fault(FIRST, morning, more='parts: {morning: "05:00-09:30"}\n')
    assert (found.path, found.rule) == (
        "cadences[0].steps[1]",
        "the calendar leaves no hour of morning",
    )


@pytest.mark.parametrize(
    ("step", "lunch"),
    [
        ('{day: 2, hours: "12:00-13:30", channel: call, activity: Call}', "12:00-13:00"),
        ("{day: 2, part: morning, channel: call, activity: Call}", "09:30-12:30"),
        ('{day: 2, at: "15:00", channel: call, activity: Call}', "15:30-16:30"),
    ],
)
def test_a_step_whose_window_never_opens_is_refused(step: str, lunch: str) -> None:
    text = book(FIRST, step).replace("calendar:\n", f'calendar:\n  lunch: "{lunch}"\n')
    with pytest.raises(PlaybookError) as error:
        from_yaml(text, "book.yaml")
    (found,) = error.value.faults
    assert found.path == "cadences[0].steps[1]"
    assert "never opens for a touch by call" in found.rule


@pytest.mark.parametrize(
    ("channel", "kind"), [(channel, kind) for channel, kinds in KINDS.items() for kind in kinds]
)
def test_every_kind_of_a_channel_is_read_and_kept(channel: str, kind: str) -> None:
    known = from_yaml(book(f"{{day: 1, channel: {channel}, kind: {kind}, activity: x}}"), "x")
    again = type(known).from_content(known.content)
    (step,) = again.cadences[0].steps
    assert (step.channel, step.kind) == (channel, kind)


@pytest.mark.parametrize("sign", ["opened", "clicked", "accepted"])
def test_nothing_is_seen_of_a_task(sign: str) -> None:
    task = "{day: 1, channel: social, kind: task, activity: Send a card}"
    asks = f"{{day: 2, channel: call, activity: Call, only_if: {{{sign}: true}}}}"
    assert fault(task, asks).path == f"cadences[0].steps[1].only_if.{sign}"
