"""Who calls, by key, token or session, and what that caller may do."""
