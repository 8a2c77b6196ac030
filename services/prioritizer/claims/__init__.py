"""A rep's hold of a lead: kept, given back, or ended with a result; and why it was this lead."""
