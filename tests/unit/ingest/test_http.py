"""MQLs by HTTP: what comes in, what of it rules may see, and what is refused, with the fix."""

import json

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.ingest.connectors import http
from services.ingest.identity import LeadIds
from services.ingest.lead import Lead
from services.ingest.refused import Refused

IDS = LeadIds(b"a secret of this deployment's own")
ANN = {
    "email": "ann@acme.example",
    "first_name": "Ann",
    "company": "Acme",
    "country": "DE",
    "score": 71,
    "campaign": "spring",
    "consent": {"email": "granted"},
}


def one(**changes: object) -> Lead:
    (lead,) = http.leads(orjson.dumps(ANN | changes), "webshop", IDS)
    return lead


def reason(raw: bytes) -> tuple[str, str]:
    with pytest.raises(Refused) as refused:
        http.leads(raw, "webshop", IDS)
    return refused.value.code, refused.value.reason


def test_rules_see_features_and_the_person_is_apart() -> None:
    lead = one()

    assert json.loads(lead.person) == {
        "email": "ann@acme.example",
        "first_name": "Ann",
        "company": "Acme",
    }
    assert lead.features.model_dump(exclude_none=True) == {
        "source": "webshop",
        "campaign": "spring",
        "country": "DE",
        "time_zone": "Europe/Berlin",
        "zone_source": "country",
        "mail": "business",
        "score": 71,
        "consent": {
            "call": "unknown",
            "email": "granted",
            "sms": "unknown",
            "social": "unknown",
        },
    }


def test_nothing_personal_is_among_the_features() -> None:
    canaries = {
        "email": "canary-mail@canary.example",
        "phone": "+49 30 9876543",
        "external_id": "canary-id",
        "first_name": "canary-first",
        "last_name": "canary-last",
        "title": "canary-title",
        "company": "canary-company",
        "profile_url": "https://example.com/canary-profile",
        "note": "canary-note",
    }
    lead = one(**canaries)

    assert json.loads(lead.person) == canaries
    shown = f"{lead.lead_id}{lead.features}"
    assert "canary" not in shown
    assert "9876543" not in shown


@pytest.mark.parametrize(
    ("email", "kind"),
    [("ann@gmail.com", "free"), ("ann@GMX.de", "free"), ("ann@acme.example", "business")],
)
def test_free_and_business_mail_are_told_apart(email: str, kind: str) -> None:
    assert one(email=email).features.mail == kind


@pytest.mark.parametrize(
    ("told", "zone"),
    [
        ({"country": "FR"}, "Europe/Paris"),
        ({"country": "US"}, None),
        ({"country": "US", "time_zone": "America/Denver"}, "America/Denver"),
        ({"country": None}, None),
        ({"country": "XX"}, None),
    ],
)
def test_a_time_zone_is_told_or_the_whole_countrys(told: dict[str, str], zone: str | None) -> None:
    assert one(**told).features.time_zone == zone


def test_a_list_comes_in_in_its_order() -> None:
    raw = orjson.dumps([ANN, ANN | {"email": "bob@acme.example"}])

    first, second = http.leads(raw, "webshop", IDS)

    assert (first.lead_id, json.loads(second.person)["email"]) == (
        one().lead_id,
        "bob@acme.example",
    )


@pytest.mark.parametrize("count", [0, 101])
def test_a_list_holds_one_to_a_hundred_leads(count: int) -> None:
    assert reason(orjson.dumps([ANN] * count)) == (
        "invalid",
        f"value: a list of {count} leads; send 1 to 100 at once",
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"email": "ann"}, "email: String should match pattern"),
        ({"email": "a\x00@b.example"}, "email: String should match pattern"),
        ({"email": None}, "value: needs one of email, phone, external_id"),
        ({"email": None, "phone": "-----"}, "phone: fewer than 5 digits; send the full number"),
        ({"score": 101}, "score: Input should be less than or equal to 100; send a whole number"),
        ({"score": "high"}, "score: Input should be a valid integer"),
        ({"country": "Germany"}, "country: String should match pattern '^[A-Z]{2}$'; send two"),
        ({"time_zone": "Mars/Base"}, "time_zone: no time zone has this name; send an IANA name"),
        ({"first_name": "A\x00"}, "first_name: String should match pattern"),
        ({"last_nmae": "X"}, "last_nmae: Extra inputs are not permitted; take it out, or check"),
        ({"consent": {"emial": "denied"}}, "consent.emial: Extra inputs are not permitted; take"),
        ({"consent": {"email": "yes"}}, "consent.email: Input should be 'granted', 'denied'"),
        ({"occurred_at": "2026-03-01T09:30:00"}, "occurred_at: Input should have timezone info"),
    ],
)
def test_a_wrong_field_is_named_with_rule_and_fix(
    changes: dict[str, object], expected: str
) -> None:
    code, said = reason(orjson.dumps(ANN | changes))
    _, in_a_list = reason(orjson.dumps([ANN, ANN | changes]))

    assert code == "invalid"
    assert said.startswith(expected)
    assert in_a_list == f"[1].{said}".replace("[1].value", "[1]")


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "not-json"),
        (b"email=ann", "not-json"),
        (b'{"email": "a@b.example"', "not-json"),
        (b'{"email": "\xff@b.example"}', "not-utf8"),
        ('{"email": "a@b.example"}'.encode("utf-16"), "not-utf8"),
        (b'{"email": "a@b.example", "score": NaN}', "not-json"),
        (b'{"email": "a@b.example", "score": 1e999}', "invalid"),
        (b'{"email": "a@b.example", "score": 1%s}' % (b"0" * 5000), "not-json"),
        (b'{"email": "a@b.example", "email": "c@d.example"}', "invalid"),
        (b"[" * 100_000 + b"]" * 100_000, "not-json"),
        (b'{"email": "\\ud800@b.example"}', "invalid"),
        (b'"ann@acme.example"', "invalid"),
        (b"null", "invalid"),
        (b"[[]]", "invalid"),
    ],
)
def test_what_is_no_clear_json_is_refused_by_its_kind(raw: bytes, code: str) -> None:
    assert reason(raw)[0] == code


def test_a_refusal_never_repeats_a_value() -> None:
    _, said = reason(orjson.dumps(ANN | {"email": "canary", "phone": "canary", "score": "canary"}))

    assert "canary" not in said


@settings(deadline=None)
@given(
    st.binary(max_size=200)
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: (
            st.lists(inner) | st.dictionaries(st.sampled_from(sorted(ANN)) | st.text(), inner)
        ),
    ).map(lambda value: json.dumps(value).encode())
)
def test_whatever_comes_is_a_lead_or_refused(raw: bytes) -> None:
    try:
        leads = http.leads(raw, "webshop", IDS)
    except Refused as refused:
        said, leads = refused.reason, []
    else:
        said = "came in"

    assert said.encode()
    assert all(0 <= (lead.features.score or 0) <= 100 for lead in leads)
