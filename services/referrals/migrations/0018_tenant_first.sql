-- The keys of what hangs on another row begin with the tenant as well, or an insert would tell what exists
-- elsewhere; and no right is left that no statement uses (docs/grants.md).

-- Both sides read these by the referral alone, so it keeps an index of its own.
alter table referral_steps
    drop constraint referral_steps_pkey, add primary key (from_organisation_id, referral_id, version);
create index steps_of_a_referral on referral_steps (referral_id, version);

alter table referral_words
    drop constraint referral_words_pkey, add primary key (from_organisation_id, referral_id, version);
create index words_of_a_referral on referral_words (referral_id, version);

alter table referral_answers
    drop constraint referral_answers_pkey, add primary key (from_organisation_id, referral_id, at);
create index answers_of_a_referral on referral_answers (referral_id, at);

alter table outcome_words
    drop constraint outcome_words_pkey, add primary key (from_organisation_id, outcome_id);
create index words_of_an_outcome on outcome_words (outcome_id);

-- Its home alone reads these, and its policy gives the tenant.
alter table outcome_notes
    drop constraint outcome_notes_pkey, add primary key (org_id, referral_id, since, stage);

-- The old key stays for as long as a release that upserts by it may still run.
alter table referral_items add unique (org_id, referral_id);

-- The keys may have moved to a database of their own.
do $$ begin
    if to_regclass('person_keys') is not null then
        alter table person_keys drop constraint person_keys_pkey, add primary key (org_id, person_id);
        revoke update, delete on person_keys from referrals;
    end if;
end $$;

revoke update on persons, paths, teams, pledges from referrals;
