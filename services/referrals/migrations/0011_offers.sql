-- Open offers: one need, several teams, and the first to claim it.  `offers` is the sender's alone; a team
-- sees that it was asked, and the card for as long as the offer is open.

create table offers (
    id uuid primary key,
    from_organisation_id uuid not null,
    from_team_id uuid not null,
    from_staff_id uuid not null,
    path_id uuid not null,
    need_id uuid not null,
    urgency text not null,
    state text not null check (
        state in ('draft', 'discarded', 'open', 'claimed', 'recalled', 'expired', 'consent_lost')
    ),
    version integer not null,
    fields text[] not null,
    sealed bytea not null,
    opened_at timestamptz,
    closes_at timestamptz,
    closed_at timestamptz,
    referral_id uuid,
    created_at timestamptz not null,
    check ((state in ('draft', 'discarded')) = (opened_at is null)),
    check ((opened_at is null) = (closes_at is null)),
    check ((state in ('draft', 'discarded', 'open')) = (closed_at is null)),
    check ((state = 'claimed') = (referral_id is not null)),
    unique (from_organisation_id, id),
    foreign key (from_organisation_id, path_id) references paths (org_id, id),
    foreign key (from_organisation_id, need_id) references needs (org_id, id),
    foreign key (from_organisation_id, referral_id) references referrals (from_organisation_id, id)
);
create unique index one_open_offer_of_a_need on offers (from_organisation_id, need_id) where state = 'open';
create index offers_out on offers (from_organisation_id, from_team_id, id);
create index offers_of_a_path on offers (from_organisation_id, path_id);

-- Who was named to the person: never changed, but for how far it has come.  The winner's row names the referral.
create table offer_teams (
    offer_id uuid not null,
    from_organisation_id uuid not null,
    nth integer not null check (nth between 1 and 5),
    organisation_id uuid not null,
    team_id uuid not null,
    offering_id uuid not null,
    version integer not null,
    opened_at timestamptz,
    closes_at timestamptz,
    closed_at timestamptz,
    referral_id uuid,
    primary key (from_organisation_id, offer_id, team_id),
    unique (from_organisation_id, offer_id, nth),
    foreign key (from_organisation_id, offer_id) references offers (from_organisation_id, id)
);
create index offers_in on offer_teams (organisation_id, team_id, offer_id) where opened_at is not null;
create index teams_of_an_offer on offer_teams (offer_id);

-- All that the teams see of the need, as it was made coarse when the offer was opened.
create table offer_cards (
    offer_id uuid not null,
    from_organisation_id uuid not null,
    need_code text not null,
    area text,
    age_band text not null,
    language text,
    urgency text not null,
    conditions integer not null,
    primary key (from_organisation_id, offer_id),
    foreign key (from_organisation_id, offer_id) references offers (from_organisation_id, id)
);

alter table offers enable row level security;
alter table offers force row level security;
create policy own on offers using (from_organisation_id = nullif(current_setting('app.org', true), '')::uuid);

alter table offer_teams enable row level security;
alter table offer_teams force row level security;
create policy parties_see on offer_teams for select using (
    from_organisation_id = nullif(current_setting('app.org', true), '')::uuid
    or (organisation_id = nullif(current_setting('app.org', true), '')::uuid and opened_at is not null)
);
create policy sender_names on offer_teams for insert with check (
    from_organisation_id = nullif(current_setting('app.org', true), '')::uuid
);
create policy sender_moves on offer_teams for update using (
    from_organisation_id = nullif(current_setting('app.org', true), '')::uuid
);

-- The card closes with the offer, and by the database's clock even where no clock has rung yet.
alter table offer_cards enable row level security;
alter table offer_cards force row level security;
create policy while_open on offer_cards for select using (
    from_organisation_id = nullif(current_setting('app.org', true), '')::uuid
    or exists (
        select from offer_teams t
        where t.offer_id = offer_cards.offer_id
            and t.organisation_id = nullif(current_setting('app.org', true), '')::uuid
            and t.closed_at is null
            and app_now() < t.closes_at
    )
);
create policy sender_writes on offer_cards for insert with check (
    from_organisation_id = nullif(current_setting('app.org', true), '')::uuid
);

revoke update, delete on offers, offer_teams, offer_cards from referrals;
grant update (state, version, opened_at, closes_at, closed_at, referral_id) on offers to referrals;
grant update (version, opened_at, closes_at, closed_at, referral_id) on offer_teams to referrals;

-- A consent to an offer names several teams, and so has no edge yet; the claim chooses one of those named,
-- once, and the same consent goes on as that edge's: who takes it back need not know of the claim.
alter table consents
    add column offer_id uuid,
    alter column referral_id drop not null,
    alter column to_organisation_id drop not null,
    alter column to_team_id drop not null,
    drop constraint consents_ended_how_check;
alter table consents
    add check (num_nonnulls(referral_id, to_organisation_id, to_team_id) in (0, 3)),
    add check (referral_id is not null or offer_id is not null),
    add constraint consents_ended_how_check
        check (ended_how in ('withdrawn', 'expired', 'replaced', 'renewed', 'unused')),
    add foreign key (from_organisation_id, offer_id) references offers (from_organisation_id, id);
create index consents_of_an_offer on consents (from_organisation_id, offer_id, id) where offer_id is not null;
create unique index one_live_answer_for_an_offer on consents (from_organisation_id, offer_id, kind)
    where answer = 'yes' and ended_at is null and referral_id is null;

create function edge_is_chosen_once() returns trigger language plpgsql as $$
begin
    if row(new.referral_id, new.to_organisation_id, new.to_team_id)
        is distinct from row(old.referral_id, old.to_organisation_id, old.to_team_id)
        and (old.referral_id is not null or old.ended_at is not null or not exists (
            select from offer_teams t
            where t.from_organisation_id = old.from_organisation_id
                and t.offer_id = old.offer_id
                and t.organisation_id = new.to_organisation_id
                and t.team_id = new.to_team_id
        ))
    then
        raise exception 'an edge is chosen once, among the teams that the person was told of'
            using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;
create trigger edge_is_chosen_once before update of referral_id, to_organisation_id, to_team_id on consents
    for each row execute function edge_is_chosen_once();
grant update (referral_id, to_organisation_id, to_team_id) on consents to referrals;

create or replace view current_consents with (security_invoker = true) as
select
    c.id, c.kind, c.answer, c.path_id, c.referral_id, c.from_organisation_id, c.to_organisation_id,
    c.to_team_id, c.sealed, c.valid_from, c.text_version, c.text_sha256, c.language, c.given_how, c.given_by,
    c.asked_by, c.interpreter, c.version, c.ended_at, c.ended_how, c.ended_by, c.renews,
    array(
        select field from unnest(c.fields) as field
        where not exists (
            select from consent_narrowings n
            where n.from_organisation_id = c.from_organisation_id and n.consent_id = c.id
                and field = any (n.dropped)
        )
    ) as fields,
    least(c.valid_until, (
        select min(n.valid_until) from consent_narrowings n
        where n.from_organisation_id = c.from_organisation_id and n.consent_id = c.id
    )) as valid_until,
    c.offer_id
from consents c;
