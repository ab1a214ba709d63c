-- Sessions of persons who came in by an admission of the service that keeps persons: a printed card, or an
-- e-ID that a code of her caseworker's tied to it.  Whose an admission is that service alone knows.
alter table sessions
    drop constraint sessions_kind_check,
    add constraint sessions_kind_check check (kind in ('staff', 'person', 'card')),
    add column by_admission boolean not null default false;

-- Which e-ID an admission is for: issuer and subject as one keyed digest, and neither a number nor a name.
-- Asked before anybody's organisation is known.
create table e_ids (
    digest bytea not null,
    organisation_id uuid not null references organisations,
    admission_id uuid not null unique,
    linked_at timestamptz not null,
    primary key (digest, organisation_id)
);

-- The code that somebody brings along to her provider, sealed by a key that the attempt's id gives.
alter table sign_ins add column sealed_code bytea;
