"""The queue as lists and in numbers, page by page."""
