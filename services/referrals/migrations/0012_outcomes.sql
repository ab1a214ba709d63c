-- How it went, in several voices.  What is said again is a row of its own; `since` is the version at which the
-- referral came to the end that it is said of, `version` that of the step whose words are its sentence.

create table referral_outcomes (
    id uuid primary key,
    referral_id uuid not null,
    since integer not null,
    version integer,
    voice text not null,
    party text not null,
    met text not null check (met in ('met', 'partly_met', 'unmet')),
    at timestamptz not null,
    from_organisation_id uuid not null,
    to_organisation_id uuid not null,
    check ((voice, party) in (
        ('provider', 'receiver'), ('sender', 'sender'), ('person', 'person'),
        ('organisation', 'sender'), ('organisation', 'receiver'), ('society', 'sender')
    )),
    unique (from_organisation_id, id),
    foreign key (from_organisation_id, referral_id) references referrals (from_organisation_id, id)
);
create index outcomes_of_a_referral on referral_outcomes (referral_id, at);

-- Apart, for the receiver is told what the sender's side says in a code alone.
create table outcome_words (
    outcome_id uuid primary key,
    party text not null,
    from_organisation_id uuid not null,
    to_organisation_id uuid not null,
    sealed bytea not null,
    foreign key (from_organisation_id, outcome_id) references referral_outcomes (from_organisation_id, id)
);

-- After a completion: who was asked how it went, and who stayed silent.
create table outcome_notes (
    referral_id uuid not null,
    org_id uuid not null,
    since integer not null,
    stage text not null check (stage in ('asked', 'unsaid')),
    voices text[] not null,
    at timestamptz not null,
    primary key (referral_id, since, stage),
    foreign key (org_id, referral_id) references referrals (from_organisation_id, id)
);

-- The provider's word of what was completed until now, whose sentence is its step's; `referrals.outcome` is
-- read no more.  For this statement the owner looks past the tenants' policy.
alter table referrals no force row level security;
insert into referral_outcomes (
    id, referral_id, since, version, voice, party, met, at, from_organisation_id, to_organisation_id
)
select uuidv7(), id, since, since, 'provider', 'receiver', outcome, ended_at, from_organisation_id,
    to_organisation_id
from referrals where outcome is not null and state = 'completed';
alter table referrals force row level security;

-- The person's voice is between her and her home.
alter table referral_outcomes enable row level security;
alter table referral_outcomes force row level security;
create policy parties_see on referral_outcomes for select using (
    from_organisation_id = nullif(current_setting('app.org', true), '')::uuid
    or (to_organisation_id = nullif(current_setting('app.org', true), '')::uuid and party <> 'person')
);
create policy speaker_writes on referral_outcomes for insert with check (
    nullif(current_setting('app.org', true), '')::uuid
        = case when party = 'receiver' then to_organisation_id else from_organisation_id end
    and exists (
        select from referrals r
        where r.id = referral_outcomes.referral_id
            and r.from_organisation_id = referral_outcomes.from_organisation_id
            and r.to_organisation_id = referral_outcomes.to_organisation_id
    )
);

alter table outcome_words enable row level security;
alter table outcome_words force row level security;
create policy speaker_and_home on outcome_words using (
    from_organisation_id = nullif(current_setting('app.org', true), '')::uuid
    or (to_organisation_id = nullif(current_setting('app.org', true), '')::uuid and party = 'receiver')
);

alter table outcome_notes enable row level security;
alter table outcome_notes force row level security;
create policy own on outcome_notes using (org_id = nullif(current_setting('app.org', true), '')::uuid);

revoke update, delete on referral_outcomes, outcome_words, outcome_notes from referrals;
