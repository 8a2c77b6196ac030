-- Answers to writes, by the key that the rep's client gave them: repeated, a write gives the same
-- answer, also when the first one never arrived. What names a person is sealed with the lead's key.
create table prioritizer.kept_answers (
    rep_id text not null,
    key text not null,
    asked text not null,                -- the SHA-256 of what was asked
    asked_at timestamptz not null default now(),
    lead_id uuid,                       -- none: nobody was due
    sealed text,
    primary key (rep_id, key)
);
create index kept_answers_by_age on prioritizer.kept_answers (asked_at);
