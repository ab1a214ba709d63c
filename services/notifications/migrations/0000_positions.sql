-- Where the listeners stand at installation: before the first event.  A position that goes
-- missing later is an error, and is given anew only on purpose (python -m shared.listen).
insert into positions (stream, seq, hash, moved_at)
select stream, 0, decode(repeat('00', 32), 'hex'), app_now() from unnest(array['events:referrals']) as stream;
