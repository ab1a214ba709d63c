-- The steps of paths, and what the services' hops say of them: ids, types and times.

create table steps (
    stream text not null,
    seq bigint not null,
    event_id uuid not null unique,
    path_id uuid not null,
    type text not null,
    told_at timestamptz not null,
    by_organisation_id uuid,
    correlation_id uuid not null,
    causation_id uuid,
    primary key (stream, seq)
);
create index steps_of_path on steps (path_id, told_at, stream, seq);
create index steps_by_time on steps (told_at, stream, seq);
revoke update on steps from tracing;

-- One row for each batch that a service has handled, but for the numbers it parked.
create table handled (
    service text not null,
    stream text not null,
    first_seq bigint not null,
    last_seq bigint not null check (last_seq >= first_seq),
    parked bigint[] not null default '{}',
    at timestamptz not null,
    primary key (service, stream, last_seq, first_seq, at)
);
create index handled_stretch on handled using gist (int8range(first_seq, last_seq, '[]'));
revoke update, delete on handled from tracing;
