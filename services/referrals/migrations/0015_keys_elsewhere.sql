-- Keys live in a database of their own (`services/referrals/keys`).  Nobody writes one here any more; what
-- stands here from before is moved there by `python -m deploy.move_keys`, which leaves these empty.
alter table disclosure_items alter column wrapped drop not null;
revoke insert, update, delete on person_keys from referrals;
