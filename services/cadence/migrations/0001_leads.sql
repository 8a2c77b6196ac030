-- What the cadence remembers of each lead, one row a lead; nothing personal is in it.
create table cadence.leads (
    lead_id uuid primary key,
    partition integer not null,
    state bytea not null                -- JSON, as engagement.cadence.state writes it
) with (fillfactor = 80);

-- Every playbook that a partition has seen; leads stay on the one that they entered with.
create table cadence.playbooks (
    partition integer not null,
    digest text not null,
    content text not null,
    in_force boolean not null,          -- what new enrolments enter by
    primary key (partition, digest)
);
create unique index playbooks_one_in_force on cadence.playbooks (partition) where in_force;
