"""Who works, and when: presence, time off and hours of reps and teams."""
