"""The live priority table: folded from decisions, and the history beside it."""
