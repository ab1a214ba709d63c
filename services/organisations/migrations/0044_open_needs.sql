-- Which needs have an organisation as their home and are not closed: ids alone, from what referrals tells,
-- so that an organisation does not pause or close while people wait with it.
create table open_needs (
    organisation_id uuid not null,
    need_id uuid not null,
    primary key (organisation_id, need_id)
);

-- Where the listener stands at installation: before the first event.  A position that goes
-- missing later is an error, and is given anew only on purpose (python -m shared.listen).
insert into positions (stream, seq, hash, moved_at)
values ('events:referrals', 0, decode(repeat('00', 32), 'hex'), app_now());

revoke update on open_needs from organisations;
