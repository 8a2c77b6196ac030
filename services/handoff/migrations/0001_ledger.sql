-- What an enrolment entered with: lead-qualified does not carry it. Kept while the enrolment runs,
-- and for good where it led to a handoff.
create table handoff.enrolments (
    enrolment_id uuid primary key,
    lead_id uuid not null,
    partition integer not null,
    features jsonb not null,
    sealed text not null
);

-- Every sales-qualified lead, once, and the CRM's first answer.
create table handoff.handoffs (
    handoff_id uuid primary key,
    enrolment_id uuid not null references handoff.enrolments,
    lead_id uuid not null,
    partition integer not null,
    result_code text not null,
    rep_id text,
    attempts integer not null,
    qualified_at timestamptz not null,
    traceparent text,
    state text not null default 'published' check (state in ('published', 'accepted', 'rejected')),
    answered_at timestamptz,            -- as the CRM told it
    crm text,
    crm_record_id text,
    reason_code text,
    check ((state = 'published') = (answered_at is null))
);
create index handoffs_by_enrolment on handoff.handoffs (enrolment_id);
