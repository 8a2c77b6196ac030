"""Who is next: the one statement that picks and takes, and why somebody is given nobody."""
