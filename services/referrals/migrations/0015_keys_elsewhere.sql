-- Keys live in a database of their own (`services/referrals/keys`).  Nobody writes one here any more; what
-- stands here from before is moved there by `python -m deploy.move_keys`, which leaves these empty.
alter table disclosure_items alter column wrapped drop not null;
revoke insert, update, delete on person_keys from referrals;

-- What a person is looked up by inside her own organisation: keyed hashes, the same in no other (blind index).
create table person_index (
    org_id uuid not null,
    kind text not null check (kind in ('phone', 'email', 'name')),
    value bytea not null,
    person_id uuid not null,
    version integer not null,
    primary key (org_id, kind, value, person_id),
    foreign key (org_id, person_id) references persons (org_id, id)
);
create index index_of_a_person on person_index (org_id, person_id);

alter table person_index enable row level security;
alter table person_index force row level security;
create policy own on person_index using (org_id = nullif(current_setting('app.org', true), '')::uuid);
revoke update on person_index from referrals;

-- Who was erased, kept here too: what a restore takes out of one of the two databases the other still has.
create table erasures (
    person_id uuid primary key,
    org_id uuid not null,
    at timestamptz not null
);
alter table erasures enable row level security;
alter table erasures force row level security;
create policy own on erasures using (org_id = nullif(current_setting('app.org', true), '')::uuid);
revoke update, delete on erasures from referrals;

-- What is erased is there for nobody.  Rows that ledgers rest on stay, without a word in them.
alter table persons add column erased_at timestamptz;
alter table offers add column erased_at timestamptz;
alter table offer_teams add column erased_at timestamptz;
alter table referrals add column erased_at timestamptz;
create policy not_erased on persons as restrictive to referrals using (erased_at is null);
create policy not_erased on offers as restrictive to referrals using (erased_at is null);
create policy not_erased on offer_teams as restrictive to referrals using (erased_at is null);
create policy not_erased on referrals as restrictive to referrals using (erased_at is null);
revoke update on persons from referrals;

-- Erasure is one function, the schema's owner's; it too works in one tenant at a time.
create policy erasure on persons to referrals_owner using (org_id = nullif(current_setting('app.org', true), '')::uuid);
create policy erasure on person_index to referrals_owner using (org_id = nullif(current_setting('app.org', true), '')::uuid);
create policy erasure on paths to referrals_owner using (org_id = nullif(current_setting('app.org', true), '')::uuid);
create policy erasure on needs to referrals_owner using (org_id = nullif(current_setting('app.org', true), '')::uuid);
create policy erasure on need_words to referrals_owner using (org_id = nullif(current_setting('app.org', true), '')::uuid);
create policy erasure on ratings to referrals_owner using (org_id = nullif(current_setting('app.org', true), '')::uuid);
create policy erasure on offers to referrals_owner
    using (from_organisation_id = nullif(current_setting('app.org', true), '')::uuid);
create policy erasure on offer_teams to referrals_owner
    using (from_organisation_id = nullif(current_setting('app.org', true), '')::uuid);
create policy erasure on referrals to referrals_owner
    using (from_organisation_id = nullif(current_setting('app.org', true), '')::uuid);
create policy erasure on referral_items to referrals_owner
    using (org_id = nullif(current_setting('app.org', true), '')::uuid);
create policy erasure on referral_words to referrals_owner
    using (from_organisation_id = nullif(current_setting('app.org', true), '')::uuid);
create policy erasure on referral_answers to referrals_owner
    using (from_organisation_id = nullif(current_setting('app.org', true), '')::uuid);
create policy erasure on referral_outcomes to referrals_owner
    using (from_organisation_id = nullif(current_setting('app.org', true), '')::uuid);
create policy erasure on outcome_words to referrals_owner
    using (from_organisation_id = nullif(current_setting('app.org', true), '')::uuid);
create policy erasure on disclosures to referrals_owner
    using (from_organisation_id = nullif(current_setting('app.org', true), '')::uuid);
create policy erasure on disclosure_items to referrals_owner
    using (from_organisation_id = nullif(current_setting('app.org', true), '')::uuid);

-- Takes every word of a person of the tenant out of the record, and her paths out of the log.
create function erase_person(her uuid, erased timestamptz) returns void
language sql security definer set search_path = referrals
begin atomic
    update persons set sealed = '', erased_at = coalesce(erased_at, erased) where id = her;
    delete from person_index where person_id = her;
    delete from ratings where person_id = her;
    delete from need_words where need_id in (
        select n.id from needs n join paths a on a.id = n.path_id where a.person_id = her
    );
    delete from referral_items where referral_id in (
        select r.id from referrals r join paths a on a.id = r.path_id where a.person_id = her
    );
    delete from referral_words where referral_id in (
        select r.id from referrals r join paths a on a.id = r.path_id where a.person_id = her
    );
    update referral_answers set sealed = '' where referral_id in (
        select r.id from referrals r join paths a on a.id = r.path_id where a.person_id = her
    );
    delete from outcome_words where outcome_id in (
        select o.id from referral_outcomes o join referrals r on r.id = o.referral_id
        join paths a on a.id = r.path_id where a.person_id = her
    );
    delete from disclosure_items where disclosure_id in (
        select d.id from disclosures d join referrals r on r.id = d.referral_id
        join paths a on a.id = r.path_id where a.person_id = her
    );
    delete from timers where subject in (select id from paths where person_id = her);
    update log set salt = null, subject = null, actor = null, body = null
    where salt is not null and subject in (select id from paths where person_id = her);
    update offers set sealed = '', erased_at = coalesce(erased_at, erased)
    where path_id in (select id from paths where person_id = her);
    update offer_teams set erased_at = coalesce(erased_at, erased) where offer_id in (
        select o.id from offers o join paths a on a.id = o.path_id where a.person_id = her
    );
    update referrals set erased_at = coalesce(erased_at, erased)
    where path_id in (select id from paths where person_id = her);
    update paths set goal = '' where person_id = her;
end;
