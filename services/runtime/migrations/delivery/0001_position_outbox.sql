-- How far the service's folds are, and what they decided last. One row a partition; it is also the
-- lock under which a partition's batches are taken.
create table {schema}.position (
    topic text not null,
    partition integer not null,
    next_offset bigint not null default 0,
    writers jsonb not null default '{}',        -- ce_source -> its last ce_sequence that was taken
    next_sequence bigint not null default 1,    -- of the next publication of this partition
    pending bytea not null default '',          -- the last batch's publications
    written_by uuid,                            -- the process that owes their publishing
    primary key (topic, partition)
) with (fillfactor = 50);
alter table {schema}.position alter column pending set storage external;

-- Facts born outside Kafka, from their commit to the broker's acknowledgement.
create table {schema}.outbox (
    id bigint generated always as identity primary key,
    topic text not null,
    partition integer not null,
    key bytea,
    value bytea,
    headers bytea not null,
    added_at timestamptz not null default now(),
    sequence bigint                             -- none until a relay gives one
) with (autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 5000);

create table {schema}.outbox_sequence (
    topic text not null,
    partition integer not null,
    last bigint not null,
    primary key (topic, partition)
);

-- Part of the outbox's name as a writer: a database made anew counts from 1 again, and must not do
-- so under the old name. Whoever restores a backup draws a new one and empties outbox_sequence.
create table {schema}.incarnation (
    id uuid not null default gen_random_uuid(),
    only_one boolean primary key default true check (only_one)
);
insert into {schema}.incarnation default values;
