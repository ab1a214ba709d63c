-- Roles that end by themselves: role to last day.  Without an entry a role has no end.
alter table staff add column roles_until jsonb not null default '{}';

-- Which team is reached when nobody of another is on duty.  Beside `teams`, whose rows a release
-- that still runs reads whole.
create table fallbacks (
    organisation_id uuid not null,
    team_id uuid not null,
    fallback_team_id uuid,
    primary key (organisation_id, team_id),
    foreign key (organisation_id, team_id) references teams (organisation_id, id),
    foreign key (organisation_id, fallback_team_id) references teams (organisation_id, id)
);
alter table fallbacks enable row level security;
alter table fallbacks force row level security;
create policy everybody_reads on fallbacks for select using (true);
create policy adds_its_own on fallbacks for insert
    with check (organisation_id = nullif(current_setting('app.org', true), '')::uuid);
create policy changes_its_own on fallbacks for update
    using (organisation_id = nullif(current_setting('app.org', true), '')::uuid);

create table substitutions (
    organisation_id uuid not null,
    id uuid not null,
    staff_id uuid not null,
    substitute_id uuid not null,
    valid_from date not null,
    valid_until date not null check (valid_until >= valid_from),
    ended_at timestamptz,
    version integer not null,
    primary key (organisation_id, id),
    foreign key (organisation_id, staff_id) references staff (organisation_id, id),
    foreign key (organisation_id, substitute_id) references staff (organisation_id, id)
);
create index substitutions_of_one on substitutions (organisation_id, staff_id) where ended_at is null;
alter table substitutions enable row level security;
alter table substitutions force row level security;
create policy own on substitutions
    using (organisation_id = nullif(current_setting('app.org', true), '')::uuid);

revoke delete on fallbacks, substitutions from organisations;
