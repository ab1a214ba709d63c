-- Signposts: the person was shown an open door.  Nothing here leaves the home.

create table signposts (
    id uuid primary key,
    org_id uuid not null,
    need_id uuid not null,
    path_id uuid not null,
    offering_id uuid not null,
    given_by uuid not null,
    given_at timestamptz not null,
    unique (org_id, id),
    foreign key (org_id, path_id) references paths (org_id, id),
    foreign key (org_id, need_id) references needs (org_id, id)
);
create index signposts_of_a_need on signposts (org_id, need_id, id);

alter table signposts enable row level security;
alter table signposts force row level security;
create policy own on signposts using (org_id = nullif(current_setting('app.org', true), '')::uuid);

revoke update, delete on signposts from referrals;
