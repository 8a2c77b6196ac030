"""The catalogue of metrics: one object each, so that an unknown name is a type error.

Base units, no ids and nothing personal in labels, timestamps rather than ages.
"""

from dataclasses import dataclass

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
)

REGISTRY = CollectorRegistry()
"""What /metrics shows."""

ProcessCollector(registry=REGISTRY)
PlatformCollector(registry=REGISTRY)

QUICK = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Seconds, for what somebody waits for."""
END_TO_END = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 3600.0)
"""Seconds, for the way of a fact, which may have waited in a topic."""
SIZES = (1.0, 5.0, 10.0, 50.0, 100.0, 250.0, 500.0, 1000.0, 2500.0, 5000.0)
"""Records a batch."""


@dataclass(frozen=True, slots=True)
class Described:
    """A metric as the docs show it."""

    name: str
    kind: str
    sentence: str
    labels: tuple[str, ...]


_catalogue: list[Described] = []


def catalogue() -> tuple[Described, ...]:
    """Every metric of ours, in the order of this file."""
    return tuple(_catalogue)


def _counter(name: str, sentence: str, *labels: str) -> Counter:
    _catalogue.append(Described(name, "counter", sentence, labels))
    return Counter(name, sentence, labels, registry=REGISTRY)


def _gauge(name: str, sentence: str, *labels: str) -> Gauge:
    _catalogue.append(Described(name, "gauge", sentence, labels))
    return Gauge(name, sentence, labels, registry=REGISTRY)


def _histogram(
    name: str, sentence: str, *labels: str, buckets: tuple[float, ...] = QUICK
) -> Histogram:
    _catalogue.append(Described(name, "histogram", sentence, labels))
    return Histogram(name, sentence, labels, registry=REGISTRY, buckets=buckets)


BUILD_INFO = _gauge(
    "touchline_build_info", "Always 1; its labels say what runs here.", "service", "version"
)
STARTED = _gauge(
    "touchline_started_timestamp_seconds", "When this process began to serve.", "service"
)

HTTP_REQUESTS = _counter(
    "touchline_http_requests_total",
    "Requests answered, by method and path template, and by status.",
    "route",
    "status",
)
HTTP_SECONDS = _histogram(
    "touchline_http_request_duration_seconds",
    "From a request's head to the end of its answer.",
    "route",
)

EVENTS_PROCESSED = _counter(
    "touchline_events_processed_total",
    "Messages whose effect is committed, by CloudEvents type.",
    "service",
    "type",
)
LAST_PROCESSED = _gauge(
    "touchline_last_processed_timestamp_seconds",
    "When the last batch of a topic was committed.",
    "service",
    "topic",
)
END_TO_END_SECONDS = _histogram(
    "touchline_event_end_to_end_seconds",
    "From the broker's timestamp of a message to the commit of its effect.",
    "service",
    buckets=END_TO_END,
)
BATCHES = _counter("touchline_batches_total", "Batches committed, by topic.", "service", "topic")
BATCH_SECONDS = _histogram(
    "touchline_batch_duration_seconds",
    "From taking some batches to the broker's last acknowledgement of what they led to.",
    "service",
)
BATCH_RECORDS = _histogram("touchline_batch_records", "Records a batch.", "service", buckets=SIZES)
REPEATS_DROPPED = _counter(
    "touchline_repeats_dropped_total",
    "Messages that had been here before and were dropped by position or sequence.",
    "service",
)
QUARANTINED = _counter(
    "touchline_quarantined_total",
    "Messages set aside with their bytes untouched, by the reason's code.",
    "service",
    "code",
)
POSITION_LAG = _gauge(
    "touchline_position_lag_records",
    "Records between the committed position and the end of the partition.",
    "service",
    "topic",
    "partition",
)
FOLD_STOPPED = _gauge(
    "touchline_fold_stopped",
    "1 where the fold on a topic that others write was stopped by the quarantine's fuse.",
    "service",
    "topic",
)
FOLDS_ALIVE = _gauge(
    "touchline_folds_alive_timestamp_seconds",
    "When the folds were last seen going on: Kafka answers them, and no step hangs.",
    "service",
)
RETRIES = _counter(
    "touchline_retries_total",
    "Steps begun again because PostgreSQL or Kafka was away.",
    "service",
    "step",
)

OUTBOX_PENDING = _gauge(
    "touchline_outbox_pending", "Committed rows that are not yet published.", "service"
)
OUTBOX_OLDEST = _gauge(
    "touchline_outbox_oldest_timestamp_seconds",
    "When the oldest unpublished row was committed; 0 when there is none.",
    "service",
)
OUTBOX_PUBLISHED = _counter(
    "touchline_outbox_published_total", "Rows that the broker has acknowledged.", "service"
)

CLAIMS = _counter(
    "touchline_claims_total",
    "What became of claims and of requests for the next lead.",
    "result",
)
HANDOFFS = _counter("touchline_handoffs_total", "Handoffs, by the state they reached.", "state")
MAILS = _counter("touchline_mails_total", "E-mails, by what became of them.", "result")
