-- Leads of one company, by its business mail domain, the one who came in last first.
alter table ingest.contacts add column domain boolean not null default false;
create index contacts_of_domain on ingest.contacts (hash, id) where domain;
create index domains_of_lead on ingest.contacts (lead_id) where domain;
