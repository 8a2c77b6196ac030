"""A service's process: what it is told, how it starts, what it says, and how it ends."""
