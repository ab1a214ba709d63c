-- Our own copy of who takes part, kept by the reactions to `events:organisations`.
-- Ids, codes and dates only: no tenant, and so no policy.

create table organisations (
    id uuid primary key,
    kind text not null,
    status text not null
);

create table teams (
    id uuid primary key,
    organisation_id uuid not null
);

create table staff (
    id uuid primary key,
    organisation_id uuid not null,
    team_id uuid,
    roles text[] not null,
    active boolean not null
);

create table offerings (
    id uuid primary key,
    organisation_id uuid not null,
    team_id uuid not null,
    kind text not null,
    needs text[] not null,
    themes text[] not null,
    areas text[] not null,
    languages text[] not null,
    age_from integer,
    age_to integer,
    required_fields jsonb not null,
    sensitive boolean not null,
    status text not null,
    version integer not null
);

create table agreements (
    id uuid primary key,
    parties uuid[] not null,
    valid_from date not null,
    valid_until date,
    ended boolean not null default false
);
create index agreements_of_a_party on agreements using gin (parties);

create table pledges (
    staff_id uuid not null,
    version integer not null,
    primary key (staff_id, version)
);
