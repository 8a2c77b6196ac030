create table tiny.seen (lead text, partition int);
