-- The directory is read by every organisation and written by the organisation it is about
-- (those who bring organisations in act for that organisation while they do).
-- Staff and pledges are each organisation's own.

create table organisations (
    id uuid primary key,
    name text not null,
    kind text not null,
    status text not null,
    version integer not null
);
alter table organisations enable row level security;
alter table organisations force row level security;
create policy everybody_reads on organisations for select using (true);
create policy joins_as_itself on organisations for insert
    with check (id = nullif(current_setting('app.org', true), '')::uuid);
create policy changes_itself on organisations for update
    using (id = nullif(current_setting('app.org', true), '')::uuid);

create table teams (
    id uuid primary key,
    organisation_id uuid not null references organisations,
    name text not null,
    version integer not null,
    unique (organisation_id, id)
);
alter table teams enable row level security;
alter table teams force row level security;
create policy everybody_reads on teams for select using (true);
create policy adds_its_own on teams for insert
    with check (organisation_id = nullif(current_setting('app.org', true), '')::uuid);
create policy changes_its_own on teams for update
    using (organisation_id = nullif(current_setting('app.org', true), '')::uuid);

create table staff (
    organisation_id uuid not null references organisations,
    id uuid not null,
    team_id uuid,
    name text not null,
    roles text[] not null,
    active boolean not null,
    version integer not null,
    primary key (organisation_id, id),
    foreign key (organisation_id, team_id) references teams (organisation_id, id)
);
alter table staff enable row level security;
alter table staff force row level security;
create policy own on staff
    using (organisation_id = nullif(current_setting('app.org', true), '')::uuid);

-- Dated, and never altered: the proof that a promise was made (R-44).
create table pledges (
    organisation_id uuid not null,
    id uuid not null,
    staff_id uuid not null,
    version integer not null,
    signed_at timestamptz not null,
    recorded_by uuid not null,
    primary key (organisation_id, id),
    foreign key (organisation_id, staff_id) references staff (organisation_id, id)
);
alter table pledges enable row level security;
alter table pledges force row level security;
create policy own on pledges
    using (organisation_id = nullif(current_setting('app.org', true), '')::uuid);

create table offerings (
    id uuid primary key,
    organisation_id uuid not null,
    team_id uuid not null,
    name text not null,
    kind text not null,
    needs text[] not null,
    themes text[] not null,
    areas text[] not null,
    languages text[] not null,
    age_from integer,
    age_to integer,
    required_fields jsonb not null,
    sensitive boolean not null,
    available integer,
    maximum integer,
    capacity_updated_at timestamptz,
    answer_promise_days integer not null,
    status text not null,
    version integer not null,
    foreign key (organisation_id, team_id) references teams (organisation_id, id)
);
alter table offerings enable row level security;
alter table offerings force row level security;
create policy everybody_reads on offerings for select using (true);
create policy adds_its_own on offerings for insert
    with check (organisation_id = nullif(current_setting('app.org', true), '')::uuid);
create policy changes_its_own on offerings for update
    using (organisation_id = nullif(current_setting('app.org', true), '')::uuid);

-- An agreement is written in the name of its first party.
create table agreements (
    id uuid primary key,
    organisation_id uuid not null references organisations,
    parties uuid[] not null check (cardinality(parties) >= 2 and parties[1] = organisation_id),
    name text,
    valid_from date not null,
    valid_until date,
    ended_at timestamptz,
    version integer not null
);
alter table agreements enable row level security;
alter table agreements force row level security;
create policy everybody_reads on agreements for select using (true);
create policy concluded_by_the_first_party on agreements for insert
    with check (organisation_id = nullif(current_setting('app.org', true), '')::uuid);
create policy ended_by_the_first_party on agreements for update
    using (organisation_id = nullif(current_setting('app.org', true), '')::uuid);

-- Which fields a version of a thing altered, to tell whoever saw an older one.  Ids and field names alone.
create table changes (
    thing_id uuid not null,
    version integer not null,
    fields text[] not null,
    at timestamptz not null,
    primary key (thing_id, version)
);

-- These two are asked before anybody's organisation is known, and so have no tenant.
-- A login says no name; a session's id is kept as its SHA-256 alone.
create table logins (
    login text primary key,
    kind text not null check (kind in ('staff', 'person')),
    holder_id uuid not null,
    organisation_id uuid not null references organisations,
    unique (organisation_id, kind, holder_id)
);

create table sessions (
    digest bytea primary key,
    kind text not null check (kind in ('staff', 'person')),
    holder_id uuid not null,
    organisation_id uuid not null references organisations,
    began_at timestamptz not null,
    seen_at timestamptz not null
);
create index sessions_seen on sessions (seen_at);

revoke delete on organisations, teams, staff, offerings, agreements, logins from organisations;
revoke update, delete on pledges, changes from organisations;
