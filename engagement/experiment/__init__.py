"""Experiments: which arm a lead is in, and from which step on that can matter."""
