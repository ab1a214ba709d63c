-- Locked persons (skyddade personuppgifter): two named staff of her home see her, and nobody else.

create table protections (
    id uuid primary key,
    org_id uuid not null,
    person_id uuid not null,
    staff_ids uuid[] not null check (cardinality(staff_ids) = 2 and staff_ids[1] <> staff_ids[2]),
    locked_at timestamptz not null,
    locked_by uuid not null,
    unlocked_at timestamptz,
    unlocked_by uuid,
    check ((unlocked_at is null) = (unlocked_by is null)),
    foreign key (org_id, person_id) references persons (org_id, id)
);
create unique index one_standing_lock on protections (org_id, person_id) where unlocked_at is null;

-- What must not be seen, and by whom alone it is: filled and emptied by the triggers below, and read by nobody
-- else.  Others may know the id of what was shared; it stays hidden from them when she is locked no more.
create table concealed (
    id uuid primary key,
    org_id uuid not null,
    person_id uuid not null,
    was_shared boolean not null,
    seen_by uuid[]
);
create index concealed_of_a_person on concealed (org_id, person_id);

alter table protections enable row level security;
alter table protections force row level security;
create policy own on protections using (org_id = nullif(current_setting('app.org', true), '')::uuid);

alter table concealed enable row level security;
alter table concealed force row level security;
create policy of_the_wall on concealed to referrals_owner using (true);

revoke all on concealed from referrals;
revoke update, delete on protections from referrals;
grant update (unlocked_at, unlocked_by) on protections to referrals;
grant update (version) on persons to referrals;

-- Whether the tenant and actor of this transaction may not see it.  Whoever sets no actor sees no locked person,
-- but for who compares the tenant's own tables with their ledger, and who erases again what was erased.
create function is_hidden(it uuid) returns boolean language sql stable security definer
return exists (
    select from concealed c
    where c.id = it
        and not (
            c.org_id is not distinct from nullif(current_setting('app.org', true), '')::uuid
            and (
                c.seen_by is null
                or coalesce(current_setting('app.books', true), '') = 'open'
                or coalesce(nullif(current_setting('app.actor', true), '')::uuid = any (c.seen_by), false)
            )
        )
);

create function any_hidden(ids uuid[]) returns boolean language sql stable security definer
return exists (select from unnest(ids) as it where is_hidden(it));

-- The paths among these of which nothing may be shown to any other service.
create function locked_among(paths uuid[]) returns uuid[] language sql stable security definer
return array(select c.id from concealed c where c.id = any (paths) and not c.was_shared);

-- The team that works with a person: of one who is locked, that of whoever may see her.
create function working_team(person uuid, team uuid) returns uuid language sql stable
return case
    when exists (select from protections l where l.person_id = person and l.unlocked_at is null)
    then coalesce(nullif(current_setting('app.team', true), '')::uuid, team)
    else team
end;

create function sending_team(path uuid, team uuid) returns uuid language sql stable
return coalesce((
    select nullif(current_setting('app.team', true), '')::uuid
    from protections l join paths a on a.person_id = l.person_id
    where a.id = path and l.unlocked_at is null
), team);

create policy hidden on protections as restrictive to referrals using (not is_hidden(person_id));
create policy hidden on persons as restrictive to referrals using (not is_hidden(id));
create policy hidden on person_index as restrictive to referrals using (not is_hidden(person_id));
create policy hidden on ratings as restrictive to referrals using (not is_hidden(person_id));
create policy hidden on rating_choices as restrictive to referrals using (not is_hidden(person_id));
create policy hidden on paths as restrictive to referrals using (not is_hidden(person_id));
do $$ begin
    -- The keys may have moved to a database of their own.
    if to_regclass('person_keys') is not null then
        create policy hidden on person_keys as restrictive to referrals using (not is_hidden(person_id));
    end if;
end $$;
create policy hidden on needs as restrictive to referrals using (not is_hidden(path_id));
create policy hidden on path_steps as restrictive to referrals using (not is_hidden(path_id));
create policy hidden on path_step_waits as restrictive to referrals using (not is_hidden(path_id));
create policy hidden on signposts as restrictive to referrals using (not is_hidden(path_id));
create policy hidden on own_noes as restrictive to referrals using (not is_hidden(path_id));
create policy hidden on consents as restrictive to referrals using (not is_hidden(path_id));
create policy hidden on transfers as restrictive to referrals using (not is_hidden(id));
create policy hidden on offers as restrictive to referrals using (not is_hidden(id));
create policy hidden on offer_teams as restrictive to referrals using (not is_hidden(offer_id));
create policy hidden on offer_cards as restrictive to referrals using (not is_hidden(offer_id));
create policy hidden on referrals as restrictive to referrals using (not is_hidden(id));
create policy hidden on referral_items as restrictive to referrals using (not is_hidden(referral_id));
create policy hidden on referral_steps as restrictive to referrals using (not is_hidden(referral_id));
create policy hidden on referral_answers as restrictive to referrals using (not is_hidden(referral_id));
create policy hidden on referral_words as restrictive to referrals using (not is_hidden(referral_id));
create policy hidden on referral_outcomes as restrictive to referrals using (not is_hidden(referral_id));
create policy hidden on outcome_notes as restrictive to referrals using (not is_hidden(referral_id));
create policy hidden on disclosures as restrictive to referrals using (not is_hidden(referral_id));
create policy hidden on disclosure_items as restrictive to referrals using (not is_hidden(disclosure_id));
create policy hidden on disclosure_locks as restrictive to referrals using (not is_hidden(disclosure_id));
create policy hidden on disclosure_receipts as restrictive to referrals using (not is_hidden(disclosure_id));

-- What is named by nothing of these is hidden with what it belongs to.
create policy hidden on need_turns as restrictive for select to referrals using (
    exists (select from needs n where n.org_id = need_turns.org_id and n.id = need_turns.need_id)
);
create policy hidden on need_words as restrictive for select to referrals using (
    exists (select from needs n where n.org_id = need_words.org_id and n.id = need_words.need_id)
);
create policy hidden on outcome_words as restrictive for select to referrals using (
    exists (
        select from referral_outcomes o
        where o.from_organisation_id = outcome_words.from_organisation_id and o.id = outcome_words.outcome_id
    )
);

-- A lock empties what the receivers hold, by the rights of the schema's owner, as an erasure does.
create function conceal() returns trigger language plpgsql security definer set search_path from current as $$
begin
    delete from disclosure_items i using disclosures d, referrals r, paths a
    where i.from_organisation_id = new.org_id and d.id = i.disclosure_id and r.id = d.referral_id
        and a.org_id = new.org_id and a.id = r.path_id and a.person_id = new.person_id;
    insert into concealed (id, org_id, person_id, was_shared, seen_by)
    select it.id, new.org_id, new.person_id, it.was_shared, new.staff_ids || new.person_id
    from (
        select new.person_id as id, false as was_shared
        union all
        select a.id, false from paths a where a.org_id = new.org_id and a.person_id = new.person_id
        union all
        select theirs.id, true
        from paths a
        cross join lateral (
            select r.id from referrals r where r.from_organisation_id = a.org_id and r.path_id = a.id
            union all
            select o.id from offers o where o.from_organisation_id = a.org_id and o.path_id = a.id
            union all
            select t.id from transfers t where t.from_organisation_id = a.org_id and t.path_id = a.id
            union all
            select d.id from disclosures d join referrals r on r.id = d.referral_id
            where r.from_organisation_id = a.org_id and r.path_id = a.id
        ) theirs
        where a.org_id = new.org_id and a.person_id = new.person_id
    ) it
    on conflict (id) do update set seen_by = excluded.seen_by;
    return null;
end $$;
create trigger conceal after insert on protections for each row execute function conceal();

create function reveal() returns trigger language plpgsql security definer set search_path from current as $$
begin
    update concealed set seen_by = null
    where org_id = new.org_id and person_id = new.person_id and was_shared;
    delete from concealed where org_id = new.org_id and person_id = new.person_id and not was_shared;
    return null;
end $$;
create trigger reveal after update of unlocked_at on protections
    for each row when (new.unlocked_at is not null) execute function reveal();

-- A path that the two open for her is hidden as she is.
create function conceal_path() returns trigger language plpgsql security definer set search_path from current as $$
begin
    insert into concealed (id, org_id, person_id, was_shared, seen_by)
    select new.id, c.org_id, c.person_id, false, c.seen_by from concealed c where c.id = new.person_id;
    return null;
end $$;
create trigger conceal_path after insert on paths for each row execute function conceal_path();

-- Nothing of a locked person is handed over or offered, whoever asks.
create function nothing_leaves() returns trigger language plpgsql security definer set search_path from current as $$
begin
    if exists (select from concealed where id = new.path_id) then
        raise exception 'nothing of a locked person leaves her home' using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;
create trigger nothing_leaves before insert on referrals for each row execute function nothing_leaves();
create trigger nothing_leaves before insert on offers for each row execute function nothing_leaves();
create trigger nothing_leaves before insert on transfers for each row execute function nothing_leaves();

-- Nor is anything told of her, or each sign of life on her path would be (R-50).
create function nothing_is_told() returns trigger language plpgsql security definer set search_path from current as $$
begin
    if exists (select from concealed where id = new.subject) then
        return null;
    end if;
    return new;
end $$;
create trigger nothing_is_told before insert on untold for each row execute function nothing_is_told();
