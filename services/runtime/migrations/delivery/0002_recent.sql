-- What the quarantine's fuse looks back on, over restarts: a byte for each of the last 100 records
-- that were new, in their order; 1 for a bad one.
alter table {schema}.position add column recent bytea not null default '';
