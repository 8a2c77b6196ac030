"""A fact made without validation is the one that validation would have made, to the byte."""

import pytest

from schemas.events.plan import TouchPlanned
from schemas.events.unchecked import unchecked
from tests.contract.examples import EXAMPLES, Example, name

PLANS = [example for example in EXAMPLES if example.class_ is TouchPlanned]


@pytest.mark.parametrize("example", PLANS, ids=name)
def test_unchecked_is_what_validation_makes(example: Example) -> None:
    validated = TouchPlanned.model_validate(example.body["data"])
    told = {field: getattr(validated, field) for field in validated.model_fields_set}
    made = unchecked(TouchPlanned)(**told)
    assert made == validated
    assert made.model_dump_json() == validated.model_dump_json()


def test_fields_are_written_in_their_order_however_they_were_told() -> None:
    validated = TouchPlanned.model_validate(PLANS[0].body["data"])
    backwards = dict(reversed(list(validated)))
    assert unchecked(TouchPlanned)(**backwards).model_dump_json() == validated.model_dump_json()
