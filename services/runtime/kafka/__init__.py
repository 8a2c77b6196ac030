"""Brokers and topics: how they are reached, made, compared and written to."""
