-- A lead that was given back as its touch was not wanted any more: the rep had no choice, and it is
-- none of those that a rep may give back a day.
alter table prioritizer.claims add column excused boolean not null default false;
