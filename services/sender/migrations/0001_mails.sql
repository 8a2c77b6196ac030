-- Every e-mail that was asked for, once by its plan, and what became of it. A mail is `waiting` until
-- the mail server has taken it or said that it never will; next_at is also the lease of who sends it.
create table sender.mails (
    plan_id uuid primary key,
    lead_id uuid not null,
    request jsonb not null,             -- the touch-requested, as it came
    request_id uuid not null,
    traceparent text,
    lapses_at timestamptz not null,
    state text not null default 'waiting'
        check (state in ('waiting', 'sent', 'bounced', 'unsent')),
    attempts integer not null default 0,
    next_at timestamptz not null default now(),
    ended_at timestamptz,
    reason text,                        -- why it was not sent; never the server's own words
    check ((state = 'waiting') = (ended_at is null))
);
create index mails_waiting on sender.mails (next_at) where state = 'waiting';

-- Who followed the link of which mail; the first time counts.
create table sender.unsubscribed (
    plan_id uuid primary key,
    lead_id uuid not null,
    at timestamptz not null default clock_timestamp()
);
create index unsubscribed_by_lead on sender.unsubscribed (lead_id);
