-- The keys' own database: wrapped keys, and whose were deleted.  Ids, versions and times; what is wrapped opens
-- with the service's sealing key alone, and whose it is the service decides by its own rows, under their policies.

-- A person whose keys exist.  Whoever makes a key of hers locks this row, and so does her erasure.
create table owners (
    person_id uuid primary key,
    org_id uuid not null,
    unique (org_id, person_id)
);

-- A person's key at her home, and each path's: at her home, and at every receiver that may hold something of it.
create table keys (
    subject_id uuid not null,
    org_id uuid not null,
    person_id uuid not null references owners (person_id) on delete cascade,
    version integer not null,
    wrapped bytea not null,
    primary key (subject_id, org_id)
);
create index keys_of_a_person on keys (person_id);
create index keys_by_version on keys (version);

-- What is to be erased again after a restore: the person, and what else her keys were about.
create table erased (
    subject_id uuid primary key,
    person_id uuid not null,
    org_id uuid not null,
    at timestamptz not null
);
create index erased_of_a_person on erased (person_id, at);

-- Who is erased stays erased.
revoke update, delete on erased from keys;
revoke update on owners, keys from keys;
grant update (version, wrapped) on keys to keys;
-- A row is locked by who may update some of it.
grant update (org_id) on owners to keys;
