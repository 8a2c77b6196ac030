"""A lead enters the cadence of its arm, and its assignment is told before all else."""

from engagement.experiment.assignment import dealt
from schemas.events.decision import CadenceEntered
from schemas.events.experiment import ExperimentAssigned, ExperimentExposed
from tests.unit.cadence.facts import at, enrolment, opted_out, plan, published, replied, touched
from tests.unit.cadence.spec import given
from tests.unit.experiment.books import HALVES, book, lead_in, of

HELD = book([{"cadence": "standard", "weight": 50}], holdout=50, salt="2026-03")


def test_a_lead_enters_the_cadence_of_its_arm() -> None:
    for arm in ("standard", "later"):
        entry = lead_in(arm, book(), "03-03 10:00")
        then = given(published(book())).when(entry)
        assert then.types[:2] == ["experiment-assigned", "cadence-entered"]
        told, entered = then.facts[:2]
        assert isinstance(told, ExperimentAssigned)
        assert (told.experiment, told.salt, told.arm) == ("tempo", None, arm)
        assert isinstance(entered, CadenceEntered)
        assert (entered.cadence, entered.experiment) == (arm, "tempo")


def test_a_lead_that_is_held_out_enters_nothing_and_is_told_once() -> None:
    entry, again = (lead_in("holdout", HELD, when) for when in ("03-03 10:00", "03-05 10:00"))
    history = given(published(HELD))
    history.when(entry).then(
        ExperimentAssigned(
            lead_id=entry.data.lead_id,
            occurred_at=at("03-03 10:00"),
            recorded_at=at("03-03 10:00"),
            experiment="tempo",
            salt="2026-03",
            arm="holdout",
            playbook_digest=HELD.digest,
        ),
        ExperimentExposed(
            lead_id=entry.data.lead_id,
            occurred_at=at("03-03 10:00"),
            recorded_at=at("03-03 10:00"),
            enrolment_id=enrolment(entry),
            experiment="tempo",
            salt="2026-03",
            arm="holdout",
            step=1,
        ),
    )
    history.when(entry).then_nothing()
    history.when(again).then_nothing()


def test_a_lead_that_comes_in_again_is_in_the_same_arm_whatever_the_weights_are_now() -> None:
    shifted = book([{"cadence": "standard", "weight": 1}, {"cadence": "later", "weight": 99}])
    entry = lead_in("standard", book(), "03-03 10:00")
    assert dealt(shifted.experiment["tempo"], entry.data.lead_id) == "later"
    again = lead_in("standard", book(), "03-05 10:00")
    history = given(published(book()), entry, *of(entry, replied("03-04 09:00")))
    history.hears(published(shifted))
    then = history.when(again)
    assert then.types == ["cadence-entered", "touch-planned"]
    assert isinstance(then.facts[0], CadenceEntered)
    assert then.facts[0].cadence == "standard"


def test_another_salt_deals_a_lead_anew_and_says_so() -> None:
    entry, again = (lead_in("standard", book(), when) for when in ("03-03 10:00", "03-05 10:00"))
    history = given(published(book()), entry, *of(entry, replied("03-04 09:00")))
    history.hears(published(book(salt="again")))
    assert history.when(again).types[0] == "experiment-assigned"


def test_a_lead_that_must_be_left_alone_is_not_dealt() -> None:
    entry = lead_in("later", book(), "03-03 10:00")
    gone = of(entry, opted_out("03-02 10:00"))
    given(published(book()), *gone).when(entry).then_kept_out("opted-out")


def test_the_assignment_depends_on_no_arm() -> None:
    """Else the arms would be filled unequally: here one of them takes no calls."""
    entry = lead_in("later", book(), "03-03 10:00")
    closed = of(entry, opted_out("03-02 10:00", "call"), opted_out("03-02 10:00", "email"))
    then = given(published(book()), *closed).when(entry)
    assert then.types == ["experiment-assigned", "entry-refused"]
    then.then_kept_out("channels-closed")


def test_a_lead_that_is_held_out_is_exposed_only_where_it_would_have_entered() -> None:
    entry = lead_in("holdout", HELD, "03-03 10:00")
    closed = of(entry, opted_out("03-02 10:00", "call"), opted_out("03-02 10:00", "email"))
    assert given(published(HELD), *closed).when(entry).types == ["experiment-assigned"]


def test_a_lead_that_starts_anew_is_dealt_first() -> None:
    rules = [{"name": "all", "re_entry": "allow"}]
    old, new = book(rulesets=rules), book(salt="again", rulesets=rules)
    entry, again = (lead_in("later", old, when) for when in ("03-03 10:00", "03-05 10:00"))
    history = given(published(old), entry, published(new))
    assert history.when(again).types == [
        "experiment-assigned",
        "touch-withdrawn",
        "cadence-ended",
        "cadence-entered",
        "touch-planned",
    ]
    history.when(again).then_nothing()


def test_a_lead_that_is_on_its_way_is_not_held_out() -> None:
    rules = [{"name": "all", "re_entry": "allow"}]
    old = book(rulesets=rules)
    new = book([{"cadence": "standard", "weight": 1}], holdout=99, salt="again", rulesets=rules)
    entry, again = (lead_in("later", old, when) for when in ("03-03 10:00", "03-05 10:00"))
    assert lead_in("holdout", new, "03-03 10:00").data.lead_id == entry.data.lead_id
    history = given(published(old), entry, published(new))
    history.when(again).then_nothing()
    one, two = of(entry, *(touched("03-05 11:00", plan(entry, step)) for step in (1, 2)))
    assert history.when(one).types == ["touch-planned"]
    then = history.when(two)
    assert then.types == ["experiment-exposed", "touch-planned"]
    assert then.facts[0].arm == "later"  # type: ignore[attr-defined]  # of the experiment before


def test_a_cadence_that_is_an_arm_may_be_entered_without_the_experiment() -> None:
    known = book(HALVES).model_dump(mode="json", exclude_none=True)
    known["entry"] = [
        {"when": {"source": "shopify"}, "cadence": "standard"},
        {"experiment": "tempo"},
    ]
    playbook = type(book()).model_validate(known)
    entry = lead_in("later", book(), "03-03 10:00")
    then = given(published(playbook)).when(entry)
    assert then.types == ["cadence-entered", "touch-planned"]
    assert isinstance(then.facts[0], CadenceEntered)
    assert (then.facts[0].cadence, then.facts[0].experiment) == ("standard", None)
