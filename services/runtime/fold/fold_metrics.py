"""What a batch adds to the metrics."""

from collections import Counter

from services.runtime.fold.step import Taken
from services.runtime.process import metrics


def observe(service: str, taken: Taken, seconds: float) -> None:
    """Count a batch that took so long, from being taken up to the broker's last answer."""
    intake, topic = taken.intake, taken.position.topic
    metrics.REPEATS_DROPPED.labels(service).inc(intake.stale + intake.repeats)
    metrics.BATCH_SECONDS.labels(service).observe(seconds)
    metrics.BATCH_RECORDS.labels(service).observe(taken.records)
    metrics.BATCHES.labels(service, topic).inc()
    metrics.LAST_PROCESSED.labels(service, topic).set_to_current_time()
    for code, number in Counter(refused.code for refused in intake.refused).items():
        metrics.QUARANTINED.labels(service, code).inc(number)
    for type_, number in Counter(type(a.event.data).type for a in intake.arrivals).items():
        metrics.EVENTS_PROCESSED.labels(service, type_).inc(number)
    if intake.arrivals:
        written = intake.arrivals[0].record.timestamp / 1000
        age = taken.position.now.timestamp() - written
        metrics.END_TO_END_SECONDS.labels(service).observe(max(0.0, age + seconds))
