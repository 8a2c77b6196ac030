-- By which phone numbers and business mail domains leads can be reached, as HMACs: without the
-- secret nothing can be read here, nor tried out. A lead's rows go when the lead is erased.
create table ingest.contacts (
    hash bytea not null,
    lead_id uuid not null,
    id bigint generated always as identity,
    primary key (hash, lead_id)
);

-- Numbers and domains that nobody may contact, as HMACs too. `number` counts how often it was
-- listed. Leads whose row in `contacts` is not above `up_to` are opted out after the listing, in
-- the order of their ids; those up to `swept_to` are. Later ones are opted out as they come in.
create table ingest.do_not_contact (
    hash bytea not null,
    channel text not null,
    number integer not null default 1,
    listed boolean not null default true,
    up_to bigint not null,
    swept_to uuid not null default '00000000-0000-0000-0000-000000000000',
    recorded_at timestamptz not null,
    primary key (hash, channel)
);
