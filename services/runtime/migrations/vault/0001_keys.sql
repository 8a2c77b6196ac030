-- One key a subject. Deleting the row is what erases the person from the log for good.
create table vault.keys (
    subject uuid primary key,
    wrapped bytea not null
);
