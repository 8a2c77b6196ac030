"""The fixtures that every other integration test stands on."""

import psycopg
from kafka import KafkaAdminClient

from deploy.local.servers import Servers
from tests.real_servers import TopicMaker


def test_each_test_has_a_database_of_its_own(database: str) -> None:
    with psycopg.connect(database) as connection:
        tables = connection.execute("SELECT FROM pg_tables WHERE schemaname = 'public'")
        assert tables.rowcount == 0
        connection.execute("CREATE TABLE mine ()")


def test_each_test_has_topics_of_its_own(servers: Servers, broker_topics: TopicMaker) -> None:
    first, second = broker_topics("facts", partitions=3), broker_topics("facts")

    admin = KafkaAdminClient(bootstrap_servers=servers.kafka_bootstrap)
    described = admin.describe_topics([first, second])
    admin.close()

    assert [len(topic["partitions"]) for topic in described] == [3, 1]
