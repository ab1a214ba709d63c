-- The rest of a referral's life: where it came from, what its clocks go by, and the words of its steps.

alter table referrals
    add column since integer not null default 1,
    add column asked_from text,
    add column days_left integer,
    add column last_contact_at timestamptz,
    add column reminded_at timestamptz,
    add column outcome text,
    add column ended_from text,
    add column ended_by text,
    add column ended_at timestamptz;

-- What was taken back can be said again.
alter table referral_answers drop constraint referral_answers_pkey, add primary key (referral_id, at);

-- What was said at a step: a question, its answer, a reason, a sentence to the person.
create table referral_words (
    referral_id uuid not null,
    version integer not null,
    from_organisation_id uuid not null,
    to_organisation_id uuid not null,
    sealed bytea not null,
    primary key (referral_id, version),
    foreign key (from_organisation_id, referral_id) references referrals (from_organisation_id, id)
);

alter table referral_words enable row level security;
alter table referral_words force row level security;
create policy parties on referral_words using (
    nullif(current_setting('app.org', true), '')::uuid in (from_organisation_id, to_organisation_id)
);

revoke update, delete on referral_words from referrals;
