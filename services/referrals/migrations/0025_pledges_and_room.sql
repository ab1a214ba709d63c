-- A pledge binds until a date, that day included (R-44); null was told before pledges had an end.

alter table pledges add column valid_until date;
grant update on pledges to referrals;

-- Above so many open referrals whoever sends must confirm; null is no limit.
alter table organisations add column most_at_once integer;
