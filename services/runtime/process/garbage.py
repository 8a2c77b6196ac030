"""How often Python looks for cycles: seldom, since batches make many objects and few cycles."""

import gc

THRESHOLDS = (250_000, 20, 50)
"""CPython's own are (700, 10, 10): within one batch it would walk all living objects several
times. With a first one of 50,000 the decider benchmark took 43 us a fact instead of 65 to 85; with
250,000 the cadence worker took 96 us instead of 101, as the batches that wait are not walked any
more. Each was measured in turn with the other, on two noisy cores; peak memory stayed the same."""


def collect_seldom() -> None:
    """Leave what start-up made out of every later look, and look seldom. Called once, at start."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
