-- What every service with a record has.  Run once per service, in its schema, as its owner.
-- Tables of ids only have no tenant, and so no policy.

create table clock (
    one boolean primary key default true check (one),
    shift interval not null default '0'
);
insert into clock default values;

-- Bound to this schema's clock at creation, whatever the caller's search path.
create function app_now() returns timestamptz language sql volatile
return clock_timestamp() + (select shift from clock);

-- A path's (or organisation's) row, locked first by whoever would change it.
create table subjects (id uuid primary key);

create table untold (
    position bigint generated always as identity primary key,
    event_id uuid not null unique,
    type text not null,
    subject uuid not null,
    time timestamptz not null,
    organisation_id uuid,
    actor text not null,
    correlation_id uuid not null,
    causation_id uuid,
    traceparent text,
    body jsonb not null
);

create table log (
    seq bigint primary key check (seq > 0),
    epoch integer not null,
    event_id uuid not null unique,
    type text,
    subject uuid,
    time timestamptz,
    organisation_id uuid,
    actor text,
    correlation_id uuid,
    causation_id uuid,
    traceparent text,
    body jsonb,
    salt bytea,
    digest bytea not null,
    hash bytea not null,
    signature bytea
);

create function log_is_kept() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and new.salt is null and new.subject is null and new.actor is null and new.body is null
        and row(old.seq, old.epoch, old.event_id, old.type, old.time, old.organisation_id, old.correlation_id,
                old.causation_id, old.traceparent, old.digest, old.hash, old.signature)
            is not distinct from
            row(new.seq, new.epoch, new.event_id, new.type, new.time, new.organisation_id, new.correlation_id,
                new.causation_id, new.traceparent, new.digest, new.hash, new.signature)
    then
        return new;
    end if;
    raise exception 'the log is never changed, but for erasure' using errcode = 'insufficient_privilege';
end $$;
create trigger log_is_kept before update or delete on log for each row execute function log_is_kept();
create trigger log_is_not_emptied before truncate on log for each statement execute function log_is_kept();

create table positions (
    stream text primary key,
    seq bigint not null,
    hash bytea not null,
    trying bigint,
    moved_at timestamptz not null
);

create table parked (
    stream text not null,
    seq bigint not null,
    event_id uuid not null,
    subject uuid not null,
    type text not null,
    entry jsonb not null,
    error text not null,
    tries integer not null default 0,
    due_at timestamptz,
    parked_at timestamptz not null,
    primary key (stream, seq)
);
create index parked_subject on parked (stream, subject, seq);

create table timers (
    owner uuid not null,
    kind text not null,
    subject uuid not null,
    organisation_id uuid not null,
    version integer not null,
    due_at timestamptz not null,
    tries integer not null default 0,
    parked_at timestamptz,
    primary key (owner, kind)
);
create index timers_due on timers (due_at) where parked_at is null;

create table idempotency (
    caller uuid not null,
    key text not null,
    fingerprint bytea not null,
    answer bytea not null,
    at timestamptz not null,
    primary key (caller, key)
);
create index idempotency_at on idempotency (at);
