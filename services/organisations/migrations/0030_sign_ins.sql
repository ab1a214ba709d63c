-- Sign-ins that have begun at an identity provider: asked before anybody's organisation is known.
-- What ties one to its browser and its answer follows from an id that is kept as its SHA-256 alone.
create table sign_ins (
    digest bytea primary key,
    provider text not null,
    is_step_up boolean not null,
    began_at timestamptz not null
);
create index sign_ins_began on sign_ins (began_at);
revoke update on sign_ins from organisations;

-- Who vouched, when (by the machine's clock, as tokens are), and whether as strongly as a step-up asks.
-- The hint by which the provider ends its own session is sealed by a key that the session's id gives.
alter table sessions
    add column provider text,
    add column authenticated_at timestamptz,
    add column is_step_up boolean not null default false,
    add column hint bytea;
