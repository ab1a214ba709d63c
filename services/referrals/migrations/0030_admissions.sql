-- How a person comes in to her own side: a card that shows status alone, or her e-ID.

create table admissions (
    id uuid primary key,
    org_id uuid not null,
    person_id uuid not null,
    kind text not null check (kind in ('status_card', 'e_id')),
    made_at timestamptz not null,
    made_by uuid not null,
    expires_at timestamptz not null check (expires_at > made_at),
    used_at timestamptz,
    ended_at timestamptz,
    foreign key (org_id, person_id) references persons (org_id, id)
);
create unique index one_standing_admission on admissions (org_id, person_id, kind) where ended_at is null;
create index admissions_of_a_person on admissions (org_id, person_id, id);

alter table admissions enable row level security;
alter table admissions force row level security;
create policy own on admissions using (org_id = nullif(current_setting('app.org', true), '')::uuid);
create policy hidden on admissions as restrictive to referrals using (not is_hidden(person_id));

revoke update on admissions from referrals;
grant update (used_at, ended_at) on admissions to referrals;

-- Their codes, by a keyed digest, as long as they can be used: asked before anybody's organisation is known.
create table admission_codes (
    digest bytea primary key,
    admission_id uuid not null unique,
    org_id uuid not null
);
revoke update on admission_codes from referrals;

-- Which have ended within the last day: tokens that were given by them open nothing.  Ids alone, no tenant.
create table ended_admissions (
    id uuid primary key,
    at timestamptz not null
);
revoke update on ended_admissions from referrals;
