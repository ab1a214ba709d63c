-- A notice may be about a path alone, with no referral to lead to.

alter table notices alter referral_id drop not null;
