"""What begins or ends by itself: requests to tools, lapses, and leases that ran out."""
