-- How often somebody has tried something lately; who, as a digest alone.
create table attempts (
    door text not null,
    who bytea not null,
    began_at timestamptz not null,
    times integer not null,
    primary key (door, who)
);
create index attempts_at on attempts (began_at);
