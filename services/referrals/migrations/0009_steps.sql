-- The steps of a path, and what each waits for; who coordinates the path (its home where none is named).

alter table paths add coordinating_organisation_id uuid;

create table path_steps (
    id uuid primary key,
    org_id uuid not null,
    path_id uuid not null,
    nth integer not null,
    code text not null,
    theme text not null,
    area text,
    names jsonb,
    template_id uuid,
    template_version integer,
    version integer not null,
    created_at timestamptz not null,
    check ((template_id is null) = (template_version is null)),
    unique (org_id, id),
    unique (org_id, path_id, id),
    unique (org_id, path_id, nth),
    foreign key (org_id, path_id) references paths (org_id, id)
);

create table path_step_waits (
    org_id uuid not null,
    path_id uuid not null,
    step_id uuid not null,
    waits_for uuid not null check (waits_for <> step_id),
    outcome text not null,
    primary key (org_id, step_id, waits_for),
    foreign key (org_id, path_id, step_id) references path_steps (org_id, path_id, id),
    foreign key (org_id, path_id, waits_for) references path_steps (org_id, path_id, id)
);

alter table needs add step_id uuid;
alter table needs add unique (org_id, step_id);
alter table needs add foreign key (org_id, path_id, step_id) references path_steps (org_id, path_id, id);

alter table path_steps enable row level security;
alter table path_steps force row level security;
create policy own on path_steps using (org_id = nullif(current_setting('app.org', true), '')::uuid);

alter table path_step_waits enable row level security;
alter table path_step_waits force row level security;
create policy own on path_step_waits using (org_id = nullif(current_setting('app.org', true), '')::uuid);

revoke update, delete on path_steps, path_step_waits from referrals;
