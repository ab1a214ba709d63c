-- What each team and each member of staff has been told.

create table notices (
    id uuid primary key,
    org_id uuid not null,
    team_id uuid,
    staff_id uuid,
    event_id uuid not null,
    kind text not null,
    urgency text not null check (urgency in ('urgent', 'normal', 'low')),
    referral_id uuid not null,
    path_id uuid not null,
    at timestamptz not null default app_now(),
    -- Told within the hour of its event; an older one is stored and not sent.
    live boolean not null,
    read_at timestamptz,
    check (num_nonnulls(team_id, staff_id) = 1),
    unique nulls not distinct (org_id, event_id, kind, team_id, staff_id)
);
create index notices_of_team on notices (org_id, team_id, id desc) where team_id is not null;
create index notices_of_staff on notices (org_id, staff_id, id desc) where staff_id is not null;
create index notices_of_referral on notices (org_id, referral_id);

alter table notices enable row level security;
alter table notices force row level security;
create policy own_organisation on notices
    using (org_id = nullif(current_setting('app.org', true), '')::uuid);
revoke delete on notices from notifications;
revoke update on notices from notifications;
grant update (read_at) on notices to notifications;

-- Ids alone, without a tenant, for the one poll that serves every open page.
-- The listener writes it under its position's lock, one transaction at a time, so a higher
-- position never commits before a lower one and reading above the last seen misses nothing.
create table live_notices (
    position bigint generated always as identity primary key,
    notice_id uuid not null unique,
    org_id uuid not null,
    team_id uuid,
    staff_id uuid,
    kind text not null,
    at timestamptz not null default app_now()
);
revoke update, delete on live_notices from notifications;
