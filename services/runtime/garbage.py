"""How often Python looks for cycles: seldom, since batches make many objects and few cycles."""

import gc

THRESHOLDS = (50_000, 20, 50)
"""CPython's own are (700, 10, 10): within one batch it would walk all living objects several
times. With these the decider benchmark took 43 us a fact instead of 65 to 85, measured in turn in
one process on two noisy cores; peak memory stayed the same."""


def collect_seldom() -> None:
    """Leave what start-up made out of every later look, and look seldom. Called once, at start."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
