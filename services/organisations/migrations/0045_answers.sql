-- What receivers have answered, as referrals tells it: whether they took somebody on or had no room, and how
-- many places they then said were left.  Ids, a number and a time; nothing leads from here to a referral.
create table answers (
    event_id uuid primary key,
    offering_id uuid not null,
    at timestamptz not null,
    accepted boolean not null,
    places_left integer
);
create index answers_of_an_offering on answers (offering_id, at desc);

revoke update on answers from organisations;
