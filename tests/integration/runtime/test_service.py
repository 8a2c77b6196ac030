"""The lifecycle, seen from outside: a real process, a real broker, a real database."""

import signal
import threading
from datetime import UTC, datetime
from uuid import UUID

import httpx
from kafka import KafkaProducer

from schemas.codec import encode
from schemas.envelope import Envelope, Event
from schemas.events.lead import OptedOut
from services.runtime.kafka import topics
from services.runtime.process import metrics
from tests.integration.runtime.conftest import Start, World
from tests.integration.runtime.process import eventually
from tests.integration.runtime.tiny_service import IN, topic

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
CLOSED = "postgresql://nobody@127.0.0.1:1/none"


def send(producer: KafkaProducer, lead: UUID) -> None:
    fact = OptedOut(lead_id=lead, occurred_at=NOON, recorded_at=NOON)
    message = encode(Event(Envelope(lead, "/test"), fact))
    future = producer.send(IN.name, message.value, message.key, headers=list(message.headers))
    future.get(timeout=20)


def sample(client: httpx.Client, name: str) -> float:
    lines = client.get("/metrics").text.splitlines()
    return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(name))


def test_it_serves_and_sigterm_ends_it_with_what_is_under_way_done(
    start: Start, producer: KafkaProducer
) -> None:
    tiny, lead = start(), UUID(int=1001)
    with tiny.client() as client:
        eventually(lambda: client.get("/readyz").status_code == 200)
        assert client.get("/healthz").status_code == 200
        assert client.post("/facts/a").status_code == 202
        send(producer, lead)
        eventually(lambda: str(lead) in client.get("/seen").json())
        eventually(lambda: sample(client, "touchline_outbox_published_total") == 1)
        assert sample(client, 'touchline_events_processed_total{service="tiny"') >= 1
        assert sample(client, "touchline_build_info") == 1
        scraped = client.get("/metrics").text
        assert all(metric.sentence in scraped for metric in metrics.catalogue())

        answers: list[httpx.Response] = []
        slow = threading.Thread(target=lambda: answers.append(client.get("/slow")))
        slow.start()
        eventually(lambda: sample(client, "touchline_http_requests_total") > 0 and slow.is_alive())
        tiny.process.send_signal(signal.SIGTERM)
        code, last, _ = tiny.end()
        slow.join()

    assert code == 0
    assert (last["event"], last["code"], last["reason"]) == ("stopped", 0, "drained")
    assert [answer.json() for answer in answers] == ["done"]
    assert "drain cut short" not in {line["event"] for line in tiny.lines}


def test_an_exception_in_a_fold_ends_the_process_with_one_clear_last_line(
    start: Start, producer: KafkaProducer
) -> None:
    lead = UUID(int=2002)
    tiny = start(broken_lead=str(lead))
    with tiny.client():
        send(producer, lead)
        code, last, _ = tiny.end()

    assert code == 70
    assert (last["event"], last["level"]) == ("stopped", "error")
    assert last["reason"] == "folds failed: RuntimeError"
    assert "tiny_service.py" in last["where"]
    assert last["advice"]
    assert not any("anna" in str(line) for line in tiny.lines)


def test_a_thread_that_hangs_holds_up_no_end(start: Start, producer: KafkaProducer) -> None:
    lead = UUID(int=2003)
    asked, broken = start(hangs="true"), start(hangs="true", broken_lead=str(lead))
    asked.await_line("running")
    asked.process.send_signal(signal.SIGTERM)
    broken.await_line("running")
    send(producer, lead)

    assert (asked.end()[0], broken.end()[0]) == (0, 70)


def test_what_strangers_write_stops_a_fold_and_shuts_no_door_not_even_after_a_restart(
    start: Start, producer: KafkaProducer, world: World
) -> None:
    topics.apply(world.servers.brokers, (topic("tiny.flooded"),))
    for _ in range(40):
        producer.send("tiny.flooded", b"not JSON", partition=0)
    producer.flush()
    tiny = start(topic="tiny.flooded")
    with tiny.client() as client:
        eventually(lambda: sample(client, "touchline_quarantined_total") == 40)
        assert client.get("/readyz").json()["impaired"] == {}
    tiny.process.kill()

    for _ in range(20):
        producer.send("tiny.flooded", b"not JSON", partition=0)
    producer.flush()
    again = start(topic="tiny.flooded")
    with again.client() as client:
        eventually(lambda: "tiny.flooded" in str(client.get("/readyz").json()["impaired"]))
        assert client.get("/readyz").status_code == 200
        assert sample(client, 'touchline_fold_stopped{service="tiny",topic="tiny.flooded"}') == 1
        assert sample(client, "touchline_quarantined_total") == 0
        assert client.post("/facts/a").status_code == 202
        eventually(lambda: sample(client, "touchline_outbox_published_total") == 1)
    stopped = again.await_line("fold stopped", topic="tiny.flooded")
    assert "51 of the last 51 records would go to quarantine" in stopped["error"]
    assert again.process.poll() is None


def test_another_partition_count_is_refused(start: Start) -> None:
    code, last, _ = start(partitions="3").end()

    assert code == 78
    assert last["event"] == "stopped"
    assert "Topic tiny.in has 2 partitions, but 3 are declared" in last["reason"]


def test_wrong_settings_are_told_a_line_each(start: Start) -> None:
    code, last, stderr = start(http_prt="1", log_level="loud").end()

    assert code == 78
    assert sorted(line.partition(":")[0] for line in stderr.splitlines()) == [
        "TOUCHLINE_HTTP_PRT",
        "TOUCHLINE_LOG_LEVEL",
    ]
    assert last["event"] == "stopped"


def test_a_server_that_does_not_answer_is_named_with_its_setting(start: Start) -> None:
    no_database = start(database_url=CLOSED, start_patience_seconds="0")
    no_broker = start(kafka_bootstrap="127.0.0.1:1", start_patience_seconds="0")

    code, last, _ = no_database.end()
    assert code == 75
    assert "PostgreSQL did not answer within 0 seconds" in last["reason"]
    assert "TOUCHLINE_DATABASE_URL" in last["reason"]

    code, last, _ = no_broker.end()
    assert code == 75
    assert "TOUCHLINE_KAFKA_BOOTSTRAP" in last["reason"]


def test_it_can_be_stopped_while_it_waits_for_a_server(start: Start) -> None:
    tiny = start(database_url=CLOSED)
    tiny.await_line("waiting", name="PostgreSQL")
    tiny.process.send_signal(signal.SIGTERM)
    code, last, _ = tiny.end()

    assert (code, last["reason"]) == (0, "drained")


def test_a_taken_port_is_named(start: Start) -> None:
    first = start()
    port = first.await_line("listening")["port"]
    code, last, _ = start(http_port=str(port)).end()

    assert code == 78
    assert "TOUCHLINE_HTTP_PORT" in last["reason"]


def test_a_database_that_is_away_shuts_the_door_for_no_longer_than_it_is_away(
    start: Start, producer: KafkaProducer, world: World
) -> None:
    tiny, before, meanwhile = start(), UUID(int=3003), UUID(int=3004)
    with tiny.client() as client:
        send(producer, before)
        eventually(lambda: str(before) in client.get("/seen").json())

        world.own.kill_database()
        refused = client.post("/facts/b")
        assert refused.status_code == 503
        assert "retry-after" in refused.headers
        assert client.get("/healthz").status_code == 200
        eventually(lambda: "database" in client.get("/readyz").json()["reasons"])
        send(producer, meanwhile)

        world.own.start_database()
        eventually(lambda: client.get("/readyz").status_code == 200)
        eventually(lambda: client.post("/facts/c").status_code == 202)
        eventually(lambda: str(meanwhile) in client.get("/seen").json())
        eventually(lambda: sample(client, "touchline_outbox_published_total") == 1)
        seen = client.get("/seen").json()
        assert seen.count(str(before)) == seen.count(str(meanwhile)) == 1
    assert tiny.process.poll() is None
