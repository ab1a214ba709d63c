-- Directories of other publishers, read in by an organisation: each import is its own, with what it holds
-- row by row as it came, so that it can go out again without a loss.
create table imports (
    organisation_id uuid not null references organisations,
    id uuid not null,
    team_id uuid not null,
    state text not null,
    form text not null,
    made_by uuid not null,
    made_at timestamptz not null,
    package json,
    rows integer not null default 0,
    checked integer not null default 0,
    bad integer not null default 0,
    left_out integer not null default 0,
    published integer not null default 0,
    changed integer not null default 0,
    sample json not null default '[]',
    written_at timestamptz,
    version integer not null,
    primary key (organisation_id, id),
    foreign key (organisation_id, team_id) references teams (organisation_id, id)
);
alter table imports enable row level security;
alter table imports force row level security;
create policy own on imports
    using (organisation_id = nullif(current_setting('app.org', true), '')::uuid);

-- The file as it was sent, until it has been read.
create table import_files (
    organisation_id uuid not null,
    import_id uuid not null,
    content bytea not null,
    primary key (organisation_id, import_id),
    foreign key (organisation_id, import_id) references imports (organisation_id, id)
);
alter table import_files alter column content set storage external;
alter table import_files enable row level security;
alter table import_files force row level security;
create policy own on import_files
    using (organisation_id = nullif(current_setting('app.org', true), '')::uuid);

-- `skipped`: the numbers of the rows that are bad, and of those that belong to such.
create table import_batches (
    organisation_id uuid not null,
    import_id uuid not null,
    nth integer not null,
    file text not null,
    header text[] not null,
    numbers integer[] not null,
    rows json not null,
    checked boolean not null default false,
    skipped integer[] not null default '{}',
    primary key (organisation_id, import_id, nth),
    foreign key (organisation_id, import_id) references imports (organisation_id, id)
);
create index import_batches_unchecked on import_batches (organisation_id, import_id, nth) where not checked;
alter table import_batches enable row level security;
alter table import_batches force row level security;
create policy own on import_batches
    using (organisation_id = nullif(current_setting('app.org', true), '')::uuid);

create table import_faults (
    organisation_id uuid not null,
    id uuid not null,
    import_id uuid not null,
    file text not null,
    row integer not null,
    field text not null,
    message text not null,
    primary key (organisation_id, id),
    foreign key (organisation_id, import_id) references imports (organisation_id, id)
);
create index import_faults_of_one on import_faults (organisation_id, import_id, id);
alter table import_faults enable row level security;
alter table import_faults force row level security;
create policy own on import_faults
    using (organisation_id = nullif(current_setting('app.org', true), '')::uuid);

-- Where an offering was read from: the publisher's id of it, who provides it, and when it was read last.
alter table offerings add column imported jsonb;
create unique index offerings_imported on offerings (organisation_id, (imported ->> 'service_id'))
    where imported is not null;

revoke delete on imports from organisations;
revoke update on import_files, import_faults from organisations;
