-- Answers to writes, by the key that the caller gave them: repeated, a write gives the same answer.
create table sender.kept_answers (
    caller text not null,
    key text not null,
    asked text not null,                -- the SHA-256 of what was asked
    asked_at timestamptz not null default now(),
    subject uuid,                       -- whose key seals the answer; none: it names nobody
    sealed text,
    headers jsonb,
    primary key (caller, key)
);
create index kept_answers_by_age on sender.kept_answers (asked_at);
