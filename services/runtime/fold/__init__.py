"""A service's folds: batches in, one transaction, decisions out; and what is set aside."""
