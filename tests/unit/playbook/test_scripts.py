"""Scripts: what a rep may say, with places for what is known of the person."""

from typing import Any

import pytest
from pydantic import ValidationError

from engagement.playbook import Step
from engagement.playbook.script import filled

CALL = {"day": 1, "channel": "call", "activity": "Call"}


def step(**more: Any) -> Step:
    return Step.model_validate(CALL | more)


def test_a_script_names_the_person() -> None:
    said = "Hello {first_name}, how is {company}? {first_name}!"
    person = {"first_name": "Ada", "company": "Engines & {title} Ltd"}
    assert filled(said, person) == "Hello Ada, how is Engines & {title} Ltd? Ada!"


@pytest.mark.parametrize("person", [None, {}, {"first_name": ""}])
def test_what_nobody_told_stands_there_by_its_name(person: dict[str, str] | None) -> None:
    assert filled("Hello {first_name}", person) == "Hello (first name)"


def test_a_script_that_names_something_else_is_refused_with_what_it_may_name() -> None:
    with pytest.raises(
        ValidationError, match=r"called \{frist_name\}; use one of: \{first_name\}"
    ):
        step(script="Hello {frist_name}")


@pytest.mark.parametrize("script", ["", "x" * 4_001, "nul \0"])
def test_a_script_is_a_text_of_some_length(script: str) -> None:
    with pytest.raises(ValidationError, match="script"):
        step(script=script)


def test_an_automated_step_has_no_script_as_no_rep_makes_it() -> None:
    automated = {"channel": "email", "kind": "automated", "template": "follow-up"}
    with pytest.raises(ValidationError, match="no rep makes this touch; leave script out"):
        step(**automated, script="Hello")


def test_a_step_without_a_script_is_written_as_ever() -> None:
    """Else a playbook would have another digest, and all its leads another version."""
    assert step().model_dump(mode="json", exclude_none=True) == CALL
