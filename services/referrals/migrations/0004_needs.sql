-- A need's own life: until when it is parked, as what it was closed, and each turn that it took.

alter table needs add parked_until date;
alter table needs add closed_as text;
alter table needs add check ((state = 'parked') = (parked_until is not null));
alter table needs add check ((state = 'closed') = (closed_as is not null));

create table need_turns (
    org_id uuid not null,
    need_id uuid not null,
    version integer not null,
    at timestamptz not null,
    command text not null,
    by_side text not null,
    by_organisation_id uuid,
    state text not null,
    primary key (org_id, need_id, version),
    foreign key (org_id, need_id) references needs (org_id, id)
);

-- The sentence of a closing and the reason of a reopening, sealed under the person's key.
create table need_words (
    org_id uuid not null,
    need_id uuid not null,
    version integer not null,
    sealed bytea not null,
    primary key (org_id, need_id, version),
    foreign key (org_id, need_id, version) references need_turns (org_id, need_id, version)
);

alter table need_turns enable row level security;
alter table need_turns force row level security;
create policy own on need_turns using (org_id = nullif(current_setting('app.org', true), '')::uuid);

alter table need_words enable row level security;
alter table need_words force row level security;
create policy own on need_words using (org_id = nullif(current_setting('app.org', true), '')::uuid);

revoke update, delete on need_turns, need_words from referrals;
revoke update on needs from referrals;
grant update (state, version, parked_until, closed_as) on needs to referrals;
