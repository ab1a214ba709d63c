-- A notice may be about an open offer.  To the teams that are asked it names neither a referral nor a path:
-- nothing that leads to the person.

alter table notices
    alter column path_id drop not null,
    add column offer_id uuid,
    add check (num_nonnulls(referral_id, offer_id, path_id) > 0);
