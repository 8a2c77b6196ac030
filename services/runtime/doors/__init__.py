"""HTTP as every service speaks it: limits, problems, health, and writes that are made once."""
