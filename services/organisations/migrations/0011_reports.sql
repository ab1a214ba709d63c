-- An error that somebody reports belongs to the organisation whose offering it is about; in codes alone.
create table error_reports (
    organisation_id uuid not null references organisations,
    id uuid not null,
    offering_id uuid not null,
    kind text not null,
    reported_by uuid not null,
    reported_at timestamptz not null,
    settled_at timestamptz,
    version integer not null,
    primary key (organisation_id, id)
);
alter table error_reports enable row level security;
alter table error_reports force row level security;
create policy own on error_reports
    using (organisation_id = nullif(current_setting('app.org', true), '')::uuid);

-- A search that found nothing, told once a day: codes, and nothing of whom it was made for.
create table missed_searches (
    organisation_id uuid not null,
    day date not null,
    need text not null,
    theme text,
    area text,
    language text,
    unique nulls not distinct (organisation_id, day, need, theme, area, language)
);
alter table missed_searches enable row level security;
alter table missed_searches force row level security;
create policy own on missed_searches
    using (organisation_id = nullif(current_setting('app.org', true), '')::uuid);

revoke delete on error_reports from organisations;
revoke update, delete on missed_searches, words from organisations;
