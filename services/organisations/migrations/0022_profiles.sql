-- What an organisation is in law, and how many referrals it wants at once.  What is null is not known.
alter table organisations
    add column sector text,
    add column legal_kind text,
    add column provides_social_services boolean not null default false,
    add column organisation_number text check (organisation_number ~ '^[0-9]{2}[2-9][0-9]{7}$'),
    add column most_at_once integer check (most_at_once > 0);

-- Asked before anybody's organisation is known, as sessions are, and so without a tenant: an invitation's
-- secret is kept as its SHA-256 alone.  What it has made is written to it; it is never moved nor taken away.
create table invitations (
    id uuid primary key,
    digest bytea not null unique,
    name text not null,
    kind text not null,
    sector text,
    legal_kind text,
    provides_social_services boolean not null,
    invited_by uuid not null,
    made_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    organisation_id uuid references organisations,
    check ((used_at is null) = (organisation_id is null))
);
revoke delete on invitations from organisations;
