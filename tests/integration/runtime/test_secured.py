"""A service, and an operator's commands, on a broker that asks over TLS who they are."""

from collections.abc import Callable, Iterator, Mapping
from uuid import UUID

import pytest
from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import ACLOperation, ResourceType
from typer.testing import CliRunner

from cli.quarantine import app as quarantine
from cli.topics import app as topics_command
from deploy.local.servers import Servers
from schemas.topics import QUARANTINE
from services.runtime.kafka import topics
from services.runtime.kafka.brokers import Brokers
from services.runtime.kafka.kafka_settings import BOOTSTRAP, KafkaSettings
from tests.conftest import FOLDER, JARS
from tests.integration.runtime.process import TinyProcess, eventually
from tests.integration.runtime.test_service import send
from tests.integration.runtime.tiny_service import IN, OUT
from tests.secured_broker import CERTIFIED, OPERATOR, PASSWORD, SERVICE, Secured, allow, secured

Env = Mapping[str, str]
Run = Callable[[Env], TinyProcess]

NEEDED = (
    (ResourceType.GROUP, "touchline-tiny", ACLOperation.READ),
    (ResourceType.TOPIC, IN.name, ACLOperation.READ),
    (ResourceType.TOPIC, OUT.name, ACLOperation.WRITE),
    (ResourceType.TOPIC, QUARANTINE.name, ACLOperation.WRITE),
)
"""What the operations page says that a service needs; who may read or write may also describe."""
OPERATING = (
    (ResourceType.TOPIC, "*", ACLOperation.READ),
    (ResourceType.TOPIC, "*", ACLOperation.CREATE),
    (ResourceType.TOPIC, "*", ACLOperation.DESCRIBE_CONFIGS),
    (ResourceType.TOPIC, "*", ACLOperation.ALTER_CONFIGS),
)
"""And what an operator needs for the commands."""


@pytest.fixture(scope="module")
def broker(pytestconfig: pytest.Config) -> Iterator[Secured]:
    worker = getattr(pytestconfig, "workerinput", {}).get("workerid", "alone")
    with secured(pytestconfig.stash[FOLDER] / f"secured-{worker}", JARS) as broker:
        topics.apply(Brokers(broker.open), (IN, OUT, QUARANTINE))
        for who in (SERVICE, CERTIFIED):
            allow(broker, who, NEEDED)
        allow(broker, OPERATOR, OPERATING)
        yield broker


@pytest.fixture
def run(database: str) -> Iterator[Run]:
    """Called, it starts the tiny service on this test's database."""
    started: list[TinyProcess] = []

    def one(kafka: Env) -> TinyProcess:
        own = {"TOUCHLINE_DATABASE_URL": database, "TOUCHLINE_HTTP_PORT": "0"}
        own |= {"TOUCHLINE_SESSION_TIMEOUT_SECONDS": "11"}
        started.append(TinyProcess.start({**own, **kafka}))
        return started[-1]

    yield one
    for tiny in started:
        tiny.dispose()


def by_name(broker: Secured, password: str = PASSWORD, user: str = SERVICE) -> dict[str, str]:
    return {
        BOOTSTRAP: broker.named,
        "TOUCHLINE_KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
        "TOUCHLINE_KAFKA_SASL_MECHANISM": "SCRAM-SHA-512",
        "TOUCHLINE_KAFKA_SASL_USERNAME": user,
        "TOUCHLINE_KAFKA_SASL_PASSWORD": password,
        "TOUCHLINE_KAFKA_SSL_CA": str(broker.authority),
    }


def by_certificate(broker: Secured) -> dict[str, str]:
    return {
        BOOTSTRAP: broker.certified,
        "TOUCHLINE_KAFKA_SECURITY_PROTOCOL": "SSL",
        "TOUCHLINE_KAFKA_SSL_CA": str(broker.authority),
        "TOUCHLINE_KAFKA_SSL_CERTIFICATE": str(broker.certificate),
    }


def known(env: Env) -> Brokers:
    return KafkaSettings.from_env(env).brokers


@pytest.mark.parametrize("way", [by_name, by_certificate])
def test_facts_are_read_and_published(
    broker: Secured, run: Run, way: Callable[[Secured], Env]
) -> None:
    env = way(broker)
    brokers, lead = Brokers(broker.open), UUID(int=7001)
    before = _length(brokers)
    with run(env).client() as client:
        eventually(lambda: client.get("/readyz").status_code == 200)
        assert client.post("/facts/a").status_code == 202
        producer = KafkaProducer(**brokers.options)
        send(producer, lead)
        producer.close()
        eventually(lambda: str(lead) in client.get("/seen").json())
        eventually(lambda: _length(brokers) > before)


def _length(brokers: Brokers) -> int:
    consumer = KafkaConsumer(**brokers.options, group_id=None)
    partitions = [TopicPartition(OUT.name, number) for number in range(OUT.partitions)]
    ends = consumer.end_offsets(partitions)
    consumer.close()
    return sum(ends.values())


def test_a_wrong_password_ends_the_start_and_the_reason_names_the_settings(
    broker: Secured, run: Run
) -> None:
    code, last, _ = run(by_name(broker, "a guess")).end()
    assert code == 78
    assert "TOUCHLINE_KAFKA_SASL_USERNAME" in last["reason"]
    assert "a guess" not in str(last)


def test_a_broker_of_an_unknown_authority_is_told_apart_from_one_that_is_away(
    broker: Secured, run: Run
) -> None:
    env = by_name(broker)
    del env["TOUCHLINE_KAFKA_SSL_CA"]
    code, last, _ = run(env).end()
    assert code == 78
    assert "TOUCHLINE_KAFKA_SSL_CA" in last["reason"]


def test_a_certificate_that_is_asked_for_and_not_shown_is_named(broker: Secured, run: Run) -> None:
    env = by_certificate(broker)
    del env["TOUCHLINE_KAFKA_SSL_CERTIFICATE"]
    code, last, _ = run(env).end()
    assert code == 78
    assert "TOUCHLINE_KAFKA_SSL_CERTIFICATE" in last["reason"]


def test_a_topic_that_may_not_be_seen_is_not_taken_for_one_that_is_not_there(
    broker: Secured, run: Run
) -> None:
    code, last, _ = run({**by_name(broker), "TOUCHLINE_TOPIC": "tiny.hidden"}).end()
    assert code == 78
    assert "tiny.hidden may not be seen" in last["reason"]


def test_an_operator_s_commands_take_the_same_settings(
    broker: Secured, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in by_name(broker, user=OPERATOR).items():
        monkeypatch.setenv("KAFKA_BOOTSTRAP" if name == BOOTSTRAP else name, value)
    listed = CliRunner().invoke(quarantine, ["list", "--json"])
    assert (listed.exit_code, listed.stdout.strip()) == (0, "[]")
    made = CliRunner().invoke(topics_command, ["apply"])
    assert (made.exit_code, made.stderr) == (0, "")
    assert CliRunner().invoke(topics_command, ["diff"]).exit_code == 0


def test_a_command_that_is_not_let_in_says_why(
    broker: Secured, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in by_name(broker, "a guess").items():
        monkeypatch.setenv("KAFKA_BOOTSTRAP" if name == BOOTSTRAP else name, value)
    refused = CliRunner().invoke(topics_command, ["diff"])
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "TOUCHLINE_KAFKA_SASL_USERNAME" in refused.stderr


def test_what_is_said_of_the_brokers_goes_on_to_services(broker: Secured) -> None:
    given = by_name(broker, user=OPERATOR)
    servers = Servers(given.pop(BOOTSTRAP), "postgresql://database", given)
    assert topics.diff(servers.brokers, (IN, OUT, QUARANTINE)) == ()
