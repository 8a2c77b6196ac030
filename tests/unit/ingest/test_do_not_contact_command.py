"""`touchline do-not-contact`, from an operator's side."""

import json

from typer.testing import CliRunner, Result

from cli.do_not_contact import app
from tests.unit.ingest_stand_in import Ingest, ingest

__all__ = ["ingest"]  # a fixture

LISTED = b'{"listed": true, "changed": true, "leads": 3}'
PATH = "/v1/do-not-contact?dry_run="


def run(*arguments: object, key: str | None = "secret") -> Result:
    return CliRunner().invoke(app, [str(one) for one in arguments], env={"OPERATOR_KEY": key})


def test_a_domain_is_sent_with_the_operators_key(ingest: Ingest) -> None:
    ingest.body = LISTED
    result = run("add", "--domain", "acme.example", "--channel", "email", "--to", ingest.url)

    ((path, key, body),) = ingest.asked
    assert (result.exit_code, result.stdout) == (0, "listed; 3 leads opted out\n")
    assert (path, key) == (f"{PATH}false", "Bearer secret")
    assert json.loads(body) == {"domain": "acme.example", "channel": "email"}


def test_a_dry_run_says_what_would_change(ingest: Ingest) -> None:
    ingest.body = LISTED
    result = run("add", "--phone", "+49301234567", "--dry-run", "--to", ingest.url)
    as_json = run("add", "--phone", "+49301234567", "--dry-run", "--json", "--to", ingest.url)

    assert [path for path, _, _ in ingest.asked] == [f"{PATH}true"] * 2
    assert result.stdout == "dry run: listed; 3 leads opted out\n"
    assert json.loads(as_json.stdout) == json.loads(LISTED)


def test_a_number_is_taken_off_again(ingest: Ingest) -> None:
    ingest.body = b'{"listed": false, "changed": true, "leads": 0}'
    result = run("remove", "--phone", "030 1", "--country", "DE", "--to", ingest.url)

    assert result.stdout == "unlisted; 0 leads opted out\n"
    assert json.loads(ingest.asked[0][2]) == {
        "phone": "030 1",
        "country": "DE",
        "channel": "all",
        "listed": False,
    }


def test_a_refusal_is_told_in_words(ingest: Ingest) -> None:
    ingest.status = 422
    ingest.body = b'{"type": "x", "title": "It breaks a rule", "detail": "domain: take another"}'
    refused = run("add", "--domain", "mail.example", "--to", ingest.url)
    ingest.body = b"<html>a proxy</html>"
    by_a_proxy = run("add", "--domain", "mail.example", "--to", ingest.url)

    assert refused.exit_code == by_a_proxy.exit_code == 1
    assert refused.stderr.endswith(" answered 422: It breaks a rule. domain: take another\n")
    assert by_a_proxy.stderr.endswith(" answered 422: <html>a proxy</html>\n")


def test_exactly_one_of_number_and_domain_is_given(ingest: Ingest) -> None:
    both = run("add", "--phone", "+49301", "--domain", "a.example", "--to", ingest.url)
    none = run("add", "--to", ingest.url)

    assert (both.exit_code, none.exit_code, ingest.asked) == (1, 1, [])
    assert none.stderr == "touchline: give exactly one of --phone and --domain\n"


def test_what_ingest_refuses_is_said(ingest: Ingest) -> None:
    ingest.status, ingest.body = 422, b"strangers share this domain"
    result = run("add", "--domain", "gmail.com", "--to", ingest.url)

    assert result.exit_code == 1
    assert "answered 422: strangers share this domain" in result.stderr
