-- Offers of a need to another organisation.  Nothing of the person stands here; the need that a new home writes
-- down names the transfer, in its own tenant alone.

create table transfers (
    id uuid primary key,
    need_id uuid not null,
    path_id uuid not null,
    from_organisation_id uuid not null,
    from_team_id uuid not null,
    to_organisation_id uuid not null check (to_organisation_id <> from_organisation_id),
    state text not null,
    version integer not null,
    offered_at timestamptz not null,
    decided_at timestamptz,
    check ((state = 'offered') = (decided_at is null)),
    unique (from_organisation_id, id),
    foreign key (from_organisation_id, path_id) references paths (org_id, id),
    foreign key (from_organisation_id, need_id) references needs (org_id, id)
);
create unique index one_offer_of_a_need on transfers (from_organisation_id, need_id) where state = 'offered';
create index transfers_out on transfers (from_organisation_id, from_team_id, id);
create index transfers_in on transfers (to_organisation_id, id);

alter table needs add transfer_id uuid;
alter table needs add unique (org_id, transfer_id);

alter table transfers enable row level security;
alter table transfers force row level security;
create policy parties_see on transfers for select using (
    nullif(current_setting('app.org', true), '')::uuid in (from_organisation_id, to_organisation_id)
);
create policy home_offers on transfers for insert with check (
    from_organisation_id = nullif(current_setting('app.org', true), '')::uuid
);
create policy parties_decide on transfers for update using (
    nullif(current_setting('app.org', true), '')::uuid in (from_organisation_id, to_organisation_id)
);

revoke update, delete on transfers from referrals;
grant update (state, version, decided_at) on transfers to referrals;
