-- Persons, paths, needs, referrals.  Names, contacts, goals and items are sealed; what is clear is ids,
-- codes and times.  Unique and foreign keys begin with the tenant, or they would tell what exists elsewhere.

create table persons (
    id uuid primary key,
    org_id uuid not null,
    team_id uuid not null,
    sealed bytea not null,
    version integer not null,
    created_at timestamptz not null,
    unique (org_id, id)
);
create index persons_of_a_team on persons (org_id, team_id, id);

-- Apart from what it opens, so that erasing is deleting one row here.
create table person_keys (
    person_id uuid primary key,
    org_id uuid not null,
    wrapped bytea not null,
    foreign key (org_id, person_id) references persons (org_id, id)
);

create table paths (
    id uuid primary key,
    org_id uuid not null,
    person_id uuid not null,
    goal bytea not null,
    version integer not null,
    created_at timestamptz not null,
    unique (org_id, id),
    foreign key (org_id, person_id) references persons (org_id, id)
);
create index paths_of_a_person on paths (org_id, person_id, id);

create table needs (
    id uuid primary key,
    org_id uuid not null,
    path_id uuid not null,
    code text not null,
    theme text not null,
    area text not null,
    urgency text not null,
    state text not null,
    version integer not null,
    created_at timestamptz not null,
    unique (org_id, id),
    foreign key (org_id, path_id) references paths (org_id, id)
);
create index needs_of_a_path on needs (org_id, path_id, id);

create table referrals (
    id uuid primary key,
    code text not null,
    version integer not null,
    state text not null,
    path_id uuid not null,
    need_id uuid not null,
    offering_id uuid not null,
    from_organisation_id uuid not null,
    from_team_id uuid not null,
    from_staff_id uuid not null,
    to_organisation_id uuid not null,
    to_team_id uuid not null,
    to_staff_id uuid,
    need_code text not null,
    area text not null,
    age_band text not null,
    language text not null,
    urgency text not null,
    fields text[] not null,
    consent_id uuid,
    sent_at timestamptz,
    opened_at timestamptz,
    answer_by timestamptz,
    first_contact_by date,
    review_on date,
    resume_on date,
    parent_id uuid,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    unique (from_organisation_id, id),
    unique (from_organisation_id, code),
    foreign key (from_organisation_id, path_id) references paths (org_id, id),
    foreign key (from_organisation_id, need_id) references needs (org_id, id)
);
create unique index one_open_referral_of_a_need on referrals (from_organisation_id, need_id)
    where state in ('queued', 'sent', 'opened', 'info_requested', 'waitlisted', 'accepted', 'active', 'paused');
create index referrals_out on referrals (from_organisation_id, from_team_id, id);
create index referrals_in on referrals (to_organisation_id, to_team_id, id) where sent_at is not null;
create index referrals_of_a_path on referrals (from_organisation_id, path_id, id);
create index referrals_of_a_need on referrals (from_organisation_id, need_id);
create index referrals_on_a_consent on referrals (from_organisation_id, consent_id);

-- The sender's own items and message; the receiver gets a copy of its own when the referral is sent.
create table referral_items (
    referral_id uuid primary key,
    org_id uuid not null,
    sealed bytea not null,
    foreign key (org_id, referral_id) references referrals (from_organisation_id, id)
);

create table referral_steps (
    referral_id uuid not null,
    version integer not null,
    at timestamptz not null,
    command text not null,
    by_side text not null,
    by_organisation_id uuid,
    state text not null,
    is_shared boolean not null,
    from_organisation_id uuid not null,
    to_organisation_id uuid not null,
    primary key (referral_id, version),
    foreign key (from_organisation_id, referral_id) references referrals (from_organisation_id, id)
);

-- Why a receiver could not take the person on; the words are sealed under the sender's key.
create table referral_answers (
    referral_id uuid primary key,
    from_organisation_id uuid not null,
    to_organisation_id uuid not null,
    at timestamptz not null,
    reason text not null,
    offering_id uuid,
    sealed bytea not null,
    foreign key (from_organisation_id, referral_id) references referrals (from_organisation_id, id)
);

alter table persons enable row level security;
alter table persons force row level security;
create policy own on persons using (org_id = nullif(current_setting('app.org', true), '')::uuid);

alter table person_keys enable row level security;
alter table person_keys force row level security;
create policy own on person_keys using (org_id = nullif(current_setting('app.org', true), '')::uuid);

alter table paths enable row level security;
alter table paths force row level security;
create policy own on paths using (org_id = nullif(current_setting('app.org', true), '')::uuid);

alter table needs enable row level security;
alter table needs force row level security;
create policy own on needs using (org_id = nullif(current_setting('app.org', true), '')::uuid);

alter table referral_items enable row level security;
alter table referral_items force row level security;
create policy own on referral_items using (org_id = nullif(current_setting('app.org', true), '')::uuid);

-- To the receiver a referral exists from the moment it was sent.
alter table referrals enable row level security;
alter table referrals force row level security;
create policy parties on referrals using (
    from_organisation_id = nullif(current_setting('app.org', true), '')::uuid
    or (to_organisation_id = nullif(current_setting('app.org', true), '')::uuid and sent_at is not null)
);

alter table referral_steps enable row level security;
alter table referral_steps force row level security;
create policy parties on referral_steps using (
    from_organisation_id = nullif(current_setting('app.org', true), '')::uuid
    or (to_organisation_id = nullif(current_setting('app.org', true), '')::uuid and is_shared)
);

alter table referral_answers enable row level security;
alter table referral_answers force row level security;
create policy parties on referral_answers using (
    nullif(current_setting('app.org', true), '')::uuid in (from_organisation_id, to_organisation_id)
);

revoke update, delete on referral_steps, referral_answers from referrals;
revoke delete on persons, paths, needs, referrals, referral_items from referrals;
