-- Consents, what was disclosed under them, and who read it.

create table consents (
    id uuid primary key,
    kind text not null,
    answer text not null check (answer in ('yes', 'no')),
    path_id uuid not null,
    referral_id uuid not null,
    from_organisation_id uuid not null,
    to_organisation_id uuid not null,
    to_team_id uuid not null,
    fields text[] not null,
    sealed bytea not null,
    valid_from timestamptz not null,
    valid_until timestamptz not null check (valid_until > valid_from),
    text_version integer not null,
    text_sha256 text not null,
    language text not null,
    given_how text not null,
    given_by jsonb not null,
    asked_by uuid not null,
    interpreter boolean not null,
    version integer not null,
    ended_at timestamptz,
    ended_how text check (ended_how in ('withdrawn', 'expired', 'replaced')),
    ended_by uuid,
    check ((ended_at is null) = (ended_how is null)),
    unique (from_organisation_id, id),
    foreign key (from_organisation_id, referral_id) references referrals (from_organisation_id, id),
    foreign key (from_organisation_id, path_id) references paths (org_id, id)
);
create index consents_of_a_referral on consents (from_organisation_id, referral_id, id);
create index consents_of_a_path on consents (from_organisation_id, path_id, id);

-- The same table as `domain/profiles.py`: no consent, and no fault of the code, lifts it.
create function receiver_profile(kind text) returns text[] language sql immutable
return case
    when kind in ('social_services', 'city', 'region', 'care') then array[
        'given_name', 'family_name', 'phone', 'email', 'address', 'birth_year', 'personal_number', 'language',
        'interpreter', 'need', 'background', 'availability', 'adjustments', 'measure', 'health', 'children'
    ]
    when kind = 'association' then
        array['given_name', 'language', 'interpreter', 'need', 'phone', 'email', 'address']
    when kind = 'housing_company' then
        array['given_name', 'family_name', 'measure', 'phone', 'email', 'address']
    when kind = 'employer' then
        array['given_name', 'family_name', 'phone', 'email', 'availability', 'adjustments']
    when kind = 'school' then array[
        'given_name', 'family_name', 'birth_year', 'language', 'interpreter', 'need', 'children',
        'phone', 'email', 'address'
    ]
    else array[]::text[]
end;

create table disclosures (
    id uuid primary key,
    referral_id uuid not null,
    consent_id uuid not null,
    from_organisation_id uuid not null,
    to_organisation_id uuid not null,
    to_team_id uuid not null,
    receiver_kind text not null,
    fields text[] not null check (fields <@ receiver_profile(receiver_kind)),
    sha256 text not null,
    made_at timestamptz not null,
    locked_at timestamptz,
    unique (from_organisation_id, id),
    foreign key (from_organisation_id, referral_id) references referrals (from_organisation_id, id),
    foreign key (from_organisation_id, consent_id) references consents (from_organisation_id, id)
);
create index disclosures_of_a_referral on disclosures (referral_id);
create index disclosures_under_a_consent on disclosures (from_organisation_id, consent_id);

-- The frozen copy, sealed with a key of its own that the receiver's key wraps.
create table disclosure_items (
    disclosure_id uuid primary key,
    from_organisation_id uuid not null,
    wrapped bytea not null,
    sealed bytea not null,
    foreign key (from_organisation_id, disclosure_id) references disclosures (from_organisation_id, id)
);

create table access_log (
    id uuid primary key,
    org_id uuid not null,
    at timestamptz not null,
    actor_kind text not null,
    actor_id uuid not null,
    team_id uuid,
    read text not null,
    object_id uuid not null
);
create index access_log_of_an_object on access_log (object_id, at);

alter table consents enable row level security;
alter table consents force row level security;
create policy parties_see on consents for select using (
    from_organisation_id = nullif(current_setting('app.org', true), '')::uuid
    or (
        to_organisation_id = nullif(current_setting('app.org', true), '')::uuid
        and exists (select from referrals r where r.id = consents.referral_id and r.sent_at is not null)
    )
);
create policy sender_writes on consents for insert with check (
    from_organisation_id = nullif(current_setting('app.org', true), '')::uuid
);
create policy sender_ends on consents for update using (
    from_organisation_id = nullif(current_setting('app.org', true), '')::uuid
);

alter table disclosures enable row level security;
alter table disclosures force row level security;
create policy parties_see on disclosures for select using (
    nullif(current_setting('app.org', true), '')::uuid in (from_organisation_id, to_organisation_id)
);
create policy sender_writes on disclosures for insert with check (
    from_organisation_id = nullif(current_setting('app.org', true), '')::uuid
);
create policy sender_locks on disclosures for update using (
    from_organisation_id = nullif(current_setting('app.org', true), '')::uuid
);

-- The read gate: the receiver alone, while the referral is opened and the consent lives by the database's clock.
alter table disclosure_items enable row level security;
alter table disclosure_items force row level security;
create policy read_gate on disclosure_items for select using (
    exists (
        select
        from disclosures d
        join referrals r on r.id = d.referral_id
        join consents c on c.id = d.consent_id
        where d.id = disclosure_items.disclosure_id
            and d.to_organisation_id = nullif(current_setting('app.org', true), '')::uuid
            and d.locked_at is null
            and r.opened_at is not null
            and r.state in ('opened', 'info_requested', 'waitlisted', 'accepted', 'active', 'paused')
            and c.answer = 'yes'
            and c.ended_at is null
            and c.valid_from <= app_now()
            and app_now() < c.valid_until
    )
);
create policy sender_writes on disclosure_items for insert with check (
    from_organisation_id = nullif(current_setting('app.org', true), '')::uuid
);

alter table access_log enable row level security;
alter table access_log force row level security;
create policy own on access_log using (org_id = nullif(current_setting('app.org', true), '')::uuid);

revoke update, delete on consents, disclosures, disclosure_items, access_log from referrals;
grant update (ended_at, ended_how, ended_by, version) on consents to referrals;
grant update (locked_at) on disclosures to referrals;
