-- Who has left within the last day: until their tokens have ended these open nothing.  Ids alone, no tenant.
create table departures (
    staff_id uuid primary key,
    at timestamptz not null
);
revoke update on departures from organisations;

-- A session ends when its holder leaves.
create index sessions_holder on sessions (holder_id);
