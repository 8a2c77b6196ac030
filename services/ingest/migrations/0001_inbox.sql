-- What was accepted, by its source's dedupe key: a repetition meets the key and is no second fact.
-- Key and body are fingerprints, since a sender's own may be personal.
create table ingest.inbox (
    source text not null,
    dedupe_key bytea not null,
    body bytea not null,
    recorded_at timestamptz not null,
    primary key (source, dedupe_key)
);

-- Playbooks in the order in which they came into force.
create table ingest.playbooks (
    number integer primary key,
    digest text not null,
    recorded_at timestamptz not null
);
