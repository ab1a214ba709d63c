-- The person's own side: how she rates her life, and her no to a step.

-- Step and words are sealed under her key; a later rating is another row.

create table ratings (
    id uuid primary key,
    org_id uuid not null,
    person_id uuid not null,
    domain text not null,
    sealed bytea not null,
    at timestamptz not null,
    foreign key (org_id, person_id) references persons (org_id, id)
);
create index ratings_of_a_person on ratings (org_id, person_id, id);

-- What she hid and showed again; the newest row of a domain holds, and without one it is shown.
create table rating_choices (
    id uuid primary key,
    org_id uuid not null,
    person_id uuid not null,
    domain text not null,
    is_hidden boolean not null,
    at timestamptz not null,
    foreign key (org_id, person_id) references persons (org_id, id)
);
create index rating_choices_of_a_person on rating_choices (org_id, person_id, domain, at);

alter table ratings enable row level security;
alter table ratings force row level security;
create policy own on ratings using (org_id = nullif(current_setting('app.org', true), '')::uuid);

alter table rating_choices enable row level security;
alter table rating_choices force row level security;
create policy own on rating_choices using (org_id = nullif(current_setting('app.org', true), '')::uuid);

revoke update, delete on ratings, rating_choices from referrals;

-- Her no to a step, or to a need that is no step's; nobody asks why.  One that she has taken back stays.
create table own_noes (
    id uuid primary key,
    org_id uuid not null,
    path_id uuid not null,
    step_id uuid,
    need_id uuid,
    said_at timestamptz not null,
    taken_back_at timestamptz check (taken_back_at >= said_at),
    check (num_nonnulls(step_id, need_id) = 1),
    foreign key (org_id, path_id) references paths (org_id, id),
    foreign key (org_id, path_id, step_id) references path_steps (org_id, path_id, id),
    foreign key (org_id, need_id) references needs (org_id, id)
);
create unique index one_standing_no on own_noes (org_id, coalesce(step_id, need_id)) where taken_back_at is null;

alter table own_noes enable row level security;
alter table own_noes force row level security;
create policy own on own_noes using (org_id = nullif(current_setting('app.org', true), '')::uuid);

revoke update, delete on own_noes from referrals;
grant update (taken_back_at) on own_noes to referrals;
