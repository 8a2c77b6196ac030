"""What can be read of a lead: its timeline, where it stands, and who it is."""
