"""Connections to PostgreSQL, and the tables of each service."""
