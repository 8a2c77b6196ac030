"""Facts born outside Kafka, from the commit of their cause to the broker."""
